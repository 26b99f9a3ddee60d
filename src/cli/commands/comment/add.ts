import type { Command } from "commander";
import type { addComment } from "../../../ops/comment/add.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { givenText } from "../../input/given-text.ts";
import { issueName } from "../../present/issue-name.ts";

const HANDLERS = [
  handler<typeof addComment>({
    operation: "comment.add",
    input: async (invocation) => ({
      id: invocation.args[0],
      text: await givenText(invocation, invocation.args.slice(1)),
      author: invocation.flags["author"],
    }),
    present: ({ issue }, view) => view.line(`${view.style("green", "✓")} Comment added to ${issueName(issue)}`),
  }),
];

export const commentCommand: CommandDefinition = {
  configure(command) {
    addTextArguments(command);
    command.option("--stdin", "the text from standard input").option("--file <file>", "the text from a file");
  },
  examples: [
    ["bd comment bd-a1b2 'looks good'", "say something about an issue"],
    ["git log -1 | bd comment bd-a1b2 --stdin", "what another program says"],
  ],
  handlers: HANDLERS,
};

export const commentsAddCommand: CommandDefinition = {
  configure(command) {
    addTextArguments(command);
    command
      .option("-f, --file <file>", "the text from a file, - for standard input")
      .option("-a, --author <name>", "in whose name, instead of yours");
  },
  examples: [["bd comments add bd-a1b2 -f notes.txt", "a longer comment"]],
  handlers: HANDLERS,
};

function addTextArguments(command: Command): void {
  command.argument("<id>", "issue, or a part of its id").argument("[text...]", "the comment, - for standard input");
}
