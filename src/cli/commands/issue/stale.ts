import { BdError } from "../../../errors.ts";
import type { listIssues } from "../../../ops/issue/list.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { count } from "../../input/flag-parsers.ts";
import { presentList } from "../../present/issue-list.ts";
import { counted } from "../../present/text/counted-text.ts";
import { cutNote } from "../../present/text/cut-note.ts";

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
      present({ issues, total }, view) {
        if (issues.length === 0)
          return view.line(`Nothing has lain still for ${counted(Number(view.flags["days"]), "day")}.`);
        presentList(
          issues.map((issue) => ({ issue: { ...issue, still: stillness(issue.updated_at, view.now) } })),
          view,
        );
        const cut = cutNote(issues.length, total);
        if (cut !== undefined) view.note(cut);
      },
      jsonNote: ({ issues, total }) => cutNote(issues.length, total),
    }),
  ],
};

/** `for 40 days` */
function stillness(changed: string, now: Date): string {
  return `for ${counted(Math.floor((now.getTime() - Date.parse(changed)) / DAY), "day")}`;
}
