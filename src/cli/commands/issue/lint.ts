import type { lintIssues } from "../../../ops/issue/lint.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { counted } from "../../present/text/counted-text.ts";

export const lintCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[ids...]", "issues, or parts of their ids; all that fit the filters when none is given")
      .option("-t, --type <name>", "only this type")
      .option("-s, --status <name>", "only this status; all for every one", "open");
  },
  examples: [["bd lint --type chore", "which chores lack recommended sections; exit code 1 where some do"]],
  handlers: [
    handler<typeof lintIssues>({
      operation: "issue.lint",
      input: ({ args, flags }) => ({ ids: args, status: flags["status"], type: flags["type"] }),
      present({ checked, lacking }, view) {
        if (lacking.length === 0)
          return view.line(`✓ No template warnings found (${counted(checked, "issue")} checked)`);
        for (const { issue, missing } of lacking) {
          view.line(`${issue.id} [${issue.issue_type}]: ${issue.title}`);
          for (const heading of missing) view.line(`  ${view.style("yellow", "⚠")} Missing: ${heading}`);
        }
      },
    }),
  ],
};
