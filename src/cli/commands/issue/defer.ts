import type { updateIssues } from "../../../ops/issue/update.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { issueName } from "../../present/issue-name.ts";

export const deferCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<ids...>", "issues, or parts of their ids")
      .option("--until <date>", "when to look at them again; bd undefer takes them up");
  },
  examples: [
    ["bd defer bd-a1b2", "some day, not now"],
    ["bd defer bd-a1b2 bd-c3d4 --until 'next monday'", "two of them, until then"],
  ],
  handlers: [
    handler<typeof updateIssues>({
      operation: "issue.update",
      input: ({ args, flags }) => ({ ids: args, status: "deferred", defer: flags["until"] }),
      present({ issues }, view) {
        for (const issue of issues) view.line(`${view.style("cyan", "❄")} Deferred ${issueName(issue)}`);
      },
    }),
  ],
};

export const undeferCommand: CommandDefinition = {
  configure(command) {
    command.argument("<ids...>", "issues, or parts of their ids");
  },
  examples: [["bd undefer bd-a1b2", "on the table again"]],
  handlers: [
    handler<typeof updateIssues>({
      operation: "issue.update",
      input: ({ args }) => ({ ids: args, defer: "" }),
      present({ issues, changed }, view) {
        for (const issue of issues) {
          if (changed.includes(issue.id))
            view.line(`${view.style("green", "✓")} Undeferred ${issueName(issue)} (now ${issue.status})`);
          else view.note(`${issue.id} is not deferred (status: ${issue.status})`);
        }
      },
    }),
  ],
};
