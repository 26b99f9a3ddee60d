import type { Command } from "commander";
import { BdError } from "../../../errors.ts";
import type { addComment } from "../../../ops/comment/add.ts";
import { type CommandDefinition, handler, type Invocation } from "../../command.ts";
import { textOf, wordsOrStdin } from "../../input/content-flags.ts";
import { issueName } from "../../present/issue-name.ts";

const HANDLERS = [
  handler<typeof addComment>({
    operation: "comment.add",
    input: async (invocation) => ({
      id: invocation.args[0],
      text: await commentText(invocation),
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

/** From one place only. Empty where none gives a text, which the operation refuses. */
async function commentText(invocation: Invocation): Promise<string> {
  const { args, flags, readText, readStdin } = invocation;
  const words = args.slice(1);
  const file = textOf(flags, "file");
  const fromStdin = flags["stdin"] === true;
  if ([words.length > 0, file !== undefined, fromStdin].filter(Boolean).length > 1) {
    throw new BdError("usage", "CONTRADICTING_FLAGS", "the comment is given in several ways; give one of them");
  }
  if (file !== undefined) return (await readText(file)).trimEnd();
  return fromStdin ? (await readStdin()).trimEnd() : wordsOrStdin(words, invocation);
}
