import { allCells, type CellDates, laterDates } from "../../core/task-mirror/cell-dates.ts";
import { CELLS, type Cell } from "../../core/task-mirror/task-cells.ts";
import type { Change } from "../../tracker/task-log.ts";
import type { Work } from "./pair-up.ts";
import { datesOf } from "./plan-mirror.ts";

/** What entries of the stream tell, but for those that `source` itself has written. */
export function workOf(changes: readonly Change[], source: string): Omit<Work, "news"> {
  const tasks = new Map<string, CellDates>();
  const purged = new Map<string, string | undefined>();
  for (const change of changes) {
    if (change.source === source) continue;
    if (change.kind === "purged") purged.set(change.id, change.before?.issue);
    else {
      purged.delete(change.id);
      tasks.set(change.id, laterDates(tasks.get(change.id), datesIn(change)));
    }
  }
  return { tasks, purged, isBlind: false };
}

function datesIn({ kind, entry, fields, after }: Change): CellDates {
  const at = Number(entry.split("-")[0]);
  if (kind === "created") return allCells(at);
  // Who wrote past the stream told nobody what it changed, and when it did is not when that was found.
  if (kind === "found") return after === undefined ? new Map() : datesOf(after, at);
  const cells = CELLS.filter((name) => fields.includes(name));
  // A task that is deleted is finished, whatever it was before.
  return new Map(
    [...cells, ...(fields.includes("deletedAt") ? (["status"] as const) : [])].map((cell: Cell) => [cell, at]),
  );
}
