import type { blockedIssues } from "../../../ops/issue/blocked.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const blockedCommand: CommandDefinition = {
  configure(command) {
    command.option("--parent <id>", "below that issue, at any depth").option("--mine", "assigned to you");
  },
  examples: [
    ["bd blocked", "what waits, and for what"],
    ["bd blocked --json", "the same for a program"],
  ],
  handlers: [
    handler<typeof blockedIssues>({
      operation: "issue.blocked",
      input: ({ flags }) => ({ mine: flags["mine"] === true, below: flags["parent"], whole: flags["json"] === true }),
      present({ issues }, view) {
        if (issues.length === 0) {
          view.line("✨ No blocked issues");
          return;
        }
        ["", `🚫 Blocked issues (${issues.length}):`].forEach(view.line);
        for (const { id, title, priority, blocked_by_count: count, blocked_by: blockers } of issues) {
          view.line();
          view.line(`[● P${priority}] ${view.style("bold", id)}: ${title}`);
          view.line(`  Blocked by ${count} open dependencies: [${blockers.join(" ")}]`);
        }
      },
    }),
  ],
};
