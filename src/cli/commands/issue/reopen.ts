import type { reopenIssues } from "../../../ops/issue/reopen.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const reopenCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<ids...>", "issues, or parts of their ids")
      .option("-r, --reason <text>", "why it is open again, - for standard input");
  },
  examples: [["bd reopen bd-a1b2 -r 'it came back'", "open again, with the reason in its history"]],
  handlers: [
    handler<typeof reopenIssues>({
      operation: "issue.reopen",
      input: async ({ args, text }) => ({ ids: args, reason: await text("reason") }),
      present({ issues, already }, view) {
        const { reason } = view.flags;
        for (const { id } of issues) {
          view.line(`${view.style("blue", "↻")} Reopened ${id}${typeof reason === "string" ? `: ${reason}` : ""}`);
        }
        for (const id of already) view.note(`${id} is already open`);
      },
    }),
  ],
};
