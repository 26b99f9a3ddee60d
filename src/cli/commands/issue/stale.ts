import { BdError } from "../../../errors.ts";
import type { listIssues } from "../../../ops/issue/list.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { count } from "../../input/values.ts";
import { cutNote } from "../../present/cut-note.ts";
import { shortLine } from "../../present/issue-line.ts";

const DAY = 86_400_000;

export const staleCommand: CommandDefinition = {
  configure(command) {
    command
      .option("-d, --days <count>", "not changed for that many days", count, 30)
      .option("-s, --status <name>", "that status alone, instead of open and in_progress")
      .option("-n, --limit <count>", "show that many, 0 for all", count, 50);
  },
  examples: [
    ["bd stale", "what nobody has touched for a month"],
    ["bd stale -d 3 -s in_progress", "what somebody has started and left"],
  ],
  handlers: [
    handler<typeof listIssues>({
      operation: "issue.list",
      input: ({ flags: { days, status, limit } }) => {
        if (days === 0) throw new BdError("usage", "BAD_USAGE", "--days must be at least 1");
        const statuses = typeof status === "string" ? [status] : ["open", "in_progress"];
        const filter = { statuses, updated_before: `-${String(days)}d`, hide_infra: true, template: false };
        return { filter, limit, sort: "updated", reverse: true };
      },
      present({ issues, total }, { line, style, now, flags }) {
        if (issues.length === 0) return line(`Nothing has lain still for ${String(flags["days"])} days.`);
        for (const issue of issues) {
          const days = Math.floor((now.getTime() - Date.parse(issue.updated_at)) / DAY);
          const who = issue.assignee === undefined ? "" : ` @${issue.assignee}`;
          line(`${shortLine(issue, style)} ${style("dim", `(${days} days${who})`)}`);
        }
        const cut = cutNote(issues.length, total);
        if (cut !== undefined) line(cut);
      },
      jsonNote: ({ issues, total }) => cutNote(issues.length, total),
    }),
  ],
};
