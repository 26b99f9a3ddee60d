import type { FeedEvent } from "../changes/feed-event.ts";
import { AGENT, CELLS, type Cell, PROJECT } from "./task-cells.ts";

/** When cells of one task or issue were last changed: milliseconds since 1970. */
export type CellDates = ReadonlyMap<Cell, number>;

/** What happened to a task, or to an issue. */
export interface SideNews {
  /** Changes of which it is known what was changed, and when. */
  readonly dates: CellDates;
  /** When it was last changed at all, where not everything is known that was changed. */
  readonly vague?: number | undefined;
}

/** What happened to issues. */
export interface IssueNews {
  readonly dates: ReadonlyMap<string, CellDates>;
  /** All that cells said before, as an issue has it. */
  readonly olds: ReadonlyMap<string, Olds>;
  /** Issues that were deleted, and not moved, with the last `external_ref` that they had. */
  readonly gone: ReadonlyMap<string, string | undefined>;
  /** New ids, by the old ones. */
  readonly moved: ReadonlyMap<string, string>;
}

type Olds = ReadonlyMap<Cell, readonly unknown[]>;

export const NO_NEWS: IssueNews = { dates: new Map(), olds: new Map(), gone: new Map(), moved: new Map() };

const CELL_OF: ReadonlyMap<string, Cell> = new Map([
  ["title", "title"],
  ["description", "description"],
  ["status", "status"],
  ["priority", "priority"],
  ["assignee", "assignedTo"],
]);

/** Every cell, changed at once. */
export function allCells(at: number): CellDates {
  return new Map(CELLS.map((name) => [name, at]));
}

/** The later of both, cell by cell. */
export function laterDates(one: CellDates | undefined, other: CellDates | undefined): CellDates {
  const dates = new Map(one);
  for (const [name, at] of other ?? []) dates.set(name, Math.max(at, dates.get(name) ?? at));
  return dates;
}

/** What more events, in their order, add to what happened. */
export function newsWith(news: IssueNews, events: readonly FeedEvent[]): IssueNews {
  const [dates, olds] = [new Map(news.dates), new Map(news.olds)];
  const [gone, moved] = [new Map(news.gone), new Map(news.moved)];
  for (const event of events) {
    if (event.type === "resync" || event.type === "config_changed") continue;
    const { issue_id: id } = event;
    const at = changedAt(event);
    if (event.type === "deleted") {
      const { moved_to: newId } = event;
      if (newId === undefined) gone.set(id, textIn(event.changes["external_ref"]?.old));
      else {
        moved.set(id, newId);
        dates.set(newId, laterDates(dates.get(newId), dates.get(id)));
        olds.set(newId, withOlds(olds.get(id), []));
      }
      dates.delete(id);
    } else {
      const cells = cellsOf(event);
      if (cells.length === 0) continue;
      if (event.type === "created") gone.delete(id);
      dates.set(id, laterDates(dates.get(id), new Map(cells.map((cell) => [cell, at]))));
      olds.set(id, withOlds(olds.get(id), oldCells(event)));
    }
  }
  return { dates, olds, gone, moved };
}

/** What others changed came here later than they changed it; an issue says when that was. */
function changedAt(event: Exclude<FeedEvent, { type: "resync" | "config_changed" }>): number {
  const at = Date.parse(event.at);
  const said = event.via === "pull" && "changes" in event ? textIn(event.changes["updated_at"]?.new) : undefined;
  const there = said === undefined ? Number.NaN : Date.parse(said);
  return Number.isNaN(there) ? at : Math.min(at, there);
}

function cellsOf(event: Exclude<FeedEvent, { type: "resync" | "config_changed" | "deleted" }>): Cell[] {
  if ("label" in event) {
    return event.label.startsWith(AGENT) ? ["agentCodeName"] : event.label.startsWith(PROJECT) ? ["project"] : [];
  }
  if (event.type === "created") return event.moved_from === undefined ? [...CELLS] : [];
  return "changes" in event ? Object.keys(event.changes).flatMap((name) => CELL_OF.get(name) ?? []) : [];
}

function withOlds(known: Olds | undefined, more: readonly (readonly [Cell, unknown])[]): Olds {
  const olds = new Map(known);
  for (const [cell, old] of more) olds.set(cell, [...(olds.get(cell) ?? []), old]);
  return olds;
}

/** An issue that is new said nothing before. */
function oldCells(event: FeedEvent): (readonly [Cell, unknown])[] {
  if (event.type === "labeled" || event.type === "unlabeled") {
    const { label } = event;
    const [cell, beginning] = label.startsWith(AGENT)
      ? (["agentCodeName", AGENT] as const)
      : (["project", PROJECT] as const);
    return label.startsWith(beginning) ? [[cell, event.type === "unlabeled" ? label.slice(beginning.length) : ""]] : [];
  }
  const changes = "changes" in event && event.type !== "created" ? Object.entries(event.changes) : [];
  return changes.flatMap(([name, { old }]) => {
    const cell = CELL_OF.get(name);
    return cell === undefined ? [] : [[cell, old] as const];
  });
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
