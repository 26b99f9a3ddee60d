import { allCells, laterDates, type SideNews } from "../../core/task-mirror/cell-dates.ts";
import { CELLS, type Cell } from "../../core/task-mirror/task-cells.ts";
import type { Change } from "../../tracker/task-log.ts";
import type { Work } from "./pair-up.ts";
import { vagueNews } from "./plan-mirror.ts";

/** What entries of the stream tell, but for those that `source` itself has written. */
export function workOf(changes: readonly Change[], source: string): Omit<Work, "news"> {
  const tasks = new Map<string, SideNews>();
  const purged = new Map<string, string | undefined>();
  for (const change of changes) {
    if (change.source === source) continue;
    if (change.kind === "purged") purged.set(change.id, change.before?.issue);
    else {
      purged.delete(change.id);
      tasks.set(change.id, bothNews(tasks.get(change.id), newsIn(change)));
    }
  }
  return { tasks, purged, isBlind: false };
}

export function bothNews(one: SideNews | undefined, other: SideNews): SideNews {
  const vague = Math.max(one?.vague ?? -1, other.vague ?? -1);
  return { dates: laterDates(one?.dates, other.dates), ...(vague === -1 ? {} : { vague }) };
}

function newsIn({ kind, entry, fields, after }: Change): SideNews {
  const at = Number(entry.split("-")[0]);
  if (kind === "created") return { dates: allCells(at) };
  // Who wrote past the stream told nobody what it changed, and when it did is not when that was found.
  if (kind === "found") return after === undefined ? { dates: new Map() } : vagueNews(after, at);
  const cells = CELLS.filter((name) => fields.includes(name));
  // A task that is deleted is finished, whatever it was before.
  const all: readonly Cell[] = [...cells, ...(fields.includes("deletedAt") ? (["status"] as const) : [])];
  return { dates: new Map(all.map((cell) => [cell, at])) };
}
