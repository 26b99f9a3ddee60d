import type { issueStats } from "../../../ops/issue/stats.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const statsCommand: CommandDefinition = {
  configure(command) {
    command.option("--assigned", "only what is assigned to you");
  },
  examples: [
    ["bd stats", "how the project stands"],
    ["bd stats --assigned", "how your own work stands"],
  ],
  ignored: [
    ["--all", "it is the default"],
    ["--no-activity", "no activity is shown"],
  ],
  handlers: [
    handler<typeof issueStats>({
      operation: "issue.stats",
      input: ({ flags }) => ({ assigned_to_me: flags["assigned"] === true }),
      present({ summary }, view) {
        const line = (name: string, value: number | string) => view.line(`  ${`${name}:`.padEnd(24)}${value}`);
        ["", "📊 Issue Database Status", "", "Summary:"].forEach(view.line);
        line("Total Issues", summary.total_issues);
        line("Open", summary.open_issues);
        line("In Progress", summary.in_progress_issues);
        line("Blocked", summary.blocked_issues);
        line("Closed", summary.closed_issues);
        line("Ready to Work", summary.ready_issues);
        const lead = summary.average_lead_time_hours;
        const extended = [
          ["Deferred", summary.deferred_issues],
          ["Pinned", summary.pinned_issues],
          ["Epics Ready to Close", summary.epics_eligible_for_closure],
          ["Avg Lead Time", lead === 0 ? 0 : `${lead.toFixed(1)} hours`],
        ] as const;
        const worthShowing = extended.filter(([, value]) => value !== 0);
        if (worthShowing.length > 0) ["", "Extended:"].forEach(view.line);
        for (const [name, value] of worthShowing) line(name, value);
        ["", "For more details, use 'bd list' to see individual issues."].forEach(view.line);
      },
    }),
  ],
};
