import type { editComment, removeComment } from "../../../ops/comment/change.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { givenText } from "../../input/given-text.ts";
import { issueName } from "../../present/issue-name.ts";

const TARGET = "your last comment on that issue; or that comment, by the end of its id, which bd comments shows";

export const commentEditCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<id>", TARGET)
      .argument("[text...]", "the new text, - for standard input")
      .option("--stdin", "the text from standard input")
      .option("--file <file>", "the text from a file, - for standard input")
      .option("-f, --force", "although somebody else wrote it");
  },
  examples: [["bd comment edit bd-a1b2 'looks good to me'", "say it in other words; the history keeps the old ones"]],
  handlers: [
    handler<typeof editComment>({
      operation: "comment.edit",
      input: async (invocation) => ({
        target: invocation.args[0],
        text: await givenText(invocation, invocation.args.slice(1)),
        force: invocation.flags["force"] === true,
      }),
      present: ({ issue }, view) => view.line(`${view.style("green", "✓")} Comment changed on ${issueName(issue)}`),
    }),
  ],
};

export const commentDeleteCommand: CommandDefinition = {
  configure(command) {
    command.argument("<id>", TARGET).option("-f, --force", "although somebody else wrote it");
  },
  examples: [["bd comment delete bd-a1b2", "take your last comment back; the history keeps it"]],
  handlers: [
    handler<typeof removeComment>({
      operation: "comment.delete",
      input: ({ args, flags }) => ({ target: args[0], force: flags["force"] === true }),
      present: ({ issue }, view) => view.line(`${view.style("green", "✓")} Comment deleted from ${issueName(issue)}`),
    }),
  ],
};
