import { BdError, command } from "../../errors.ts";
import type { Comment } from "../issue/issue.ts";
import { type CellDates, compareTexts, type Row, type Side, type Sides, sameCell } from "./cell.ts";
import type { KnownIssue } from "./known-issues.ts";
import { keptComments } from "./lost-texts.ts";
import { isContested, mergeRow } from "./merge-row.ts";
import { type AlignedRow, type Alignment, mergedRows } from "./merge-snapshots.ts";
import type { RowContest, Settled } from "./row-contest.ts";
import { keyText, type Snapshot, sameRow, type TableKeys, textOf } from "./snapshot.ts";

/** When one side last changed each cell of a row since the two parted. */
export interface RowDates {
  readonly dates: CellDates;
  /** When it last opened the closed issue again. */
  readonly reopened: string | undefined;
}

export interface SettleOptions {
  /** Asked for contested rows alone; see `contestedRows`. */
  readonly datesOf?: (row: AlignedRow) => Sides<RowDates | undefined>;
  readonly prefer?: Side | undefined;
}

/** What both sides had changed differently, and what became of it. */
export interface Conflict extends Omit<Settled, "parts"> {
  readonly table: string;
  /** The issue, or what names the row in other tables. */
  readonly item: string;
  readonly ours: string;
  readonly theirs: string;
}

/** An issue whose id differs from what a side knew it by, because another one has that. */
export interface MovedIssue {
  readonly id: string;
  readonly newId: string;
  /** Who knew it by the old id. */
  readonly side: Side | "both";
  readonly title: string;
  /** The issue that has the old id now, if any has. */
  readonly holder: string | undefined;
}

/** An issue that one side deleted while the other did something to it. The deletion stands. */
export interface BeatenIssue {
  readonly id: string;
  readonly title: string;
  /** Who had changed it. */
  readonly side: Side;
}

export interface MergedVersions {
  readonly rows: Snapshot;
  readonly conflicts: readonly Conflict[];
  readonly moved: readonly MovedIssue[];
  readonly beaten: readonly BeatenIssue[];
  /** Comments by `bd` that keep the texts that lost; they stand in `rows` too. */
  readonly kept: number;
}

/** The rows of which the dates of changes decide. */
export function contestedRows({ rows }: Alignment): AlignedRow[] {
  return rows.filter(
    ({ table, base, ours, theirs, issue }) =>
      ours !== undefined &&
      theirs !== undefined &&
      issue?.lives !== false &&
      isContested(table, { base, ours, theirs }),
  );
}

/**
 * Merges aligned versions. Throws BdError config OTHER_PROJECT where they belong to two projects.
 */
export function mergeVersions(alignment: Alignment, keys: TableKeys, options: SettleOptions = {}): MergedVersions {
  const conflicts: Conflict[] = [];
  const comments: Comment[] = [];
  const rows = mergedRows(alignment, keys, (row, sides) => {
    const merged = mergeRow(row.table, contestOf(row, sides, options));
    if (row.table === "metadata") checkSameProject(sides);
    conflicts.push(...merged.settled.map((one) => conflictOf(row, sides, { one, item: itemOf(row, keys) })));
    const { issue } = row;
    if (issue !== undefined) {
      comments.push(...merged.lost.flatMap((lost) => keptComments({ issueId: issue.id, birth: issue.birth, ...lost })));
    }
    return merged.row;
  });
  return {
    rows: withComments(rows, comments),
    conflicts,
    moved: movedIssues(alignment),
    beaten: beatenIssues(alignment),
    kept: comments.length,
  };
}

function contestOf(row: AlignedRow, sides: Sides<Row>, { datesOf, prefer }: SettleOptions): RowContest {
  const contest = { base: row.base, ...sides, prefer };
  if (datesOf === undefined || !isContested(row.table, contest)) return contest;
  const { ours, theirs } = datesOf(row);
  return {
    ...contest,
    dates: { ours: ours?.dates ?? {}, theirs: theirs?.dates ?? {} },
    reopened: { ours: ours?.reopened, theirs: theirs?.reopened },
  };
}

function itemOf({ issue, ours, theirs, table }: AlignedRow, keys: TableKeys): string {
  if (issue !== undefined) return issue.id;
  return (keys.get(table) ?? []).map((column) => textOf(ours ?? theirs, column)).join(" ");
}

interface SettledCell {
  readonly one: Settled;
  readonly item: string;
}

function conflictOf({ table }: AlignedRow, sides: Sides<Row>, { one, item }: SettledCell): Conflict {
  const { parts, ...settled } = one;
  const shown = (row: Row) => shownValue(row[one.field]);
  return { ...settled, table, item, ...(parts ?? { ours: shown(sides.ours), theirs: shown(sides.theirs) }) };
}

function shownValue(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}

/** Making a kept comment again adds nothing: its id follows from what it keeps. */
function withComments(rows: Snapshot, comments: readonly Comment[]): Snapshot {
  if (comments.length === 0) return rows;
  const all = new Map(rows.get("comments"));
  for (const { created_at: at, ...comment } of comments) {
    const key = keyText([comment.id]);
    if (!all.has(key)) all.set(key, { ...comment, created_at: at.slice(0, 19).replace("T", " ") });
  }
  return new Map([...rows, ["comments", all]]);
}

const SIDES: readonly Side[] = ["ours", "theirs"];

function movedIssues({ issues }: Alignment): MovedIssue[] {
  const holders = new Map(issues.filter(({ lives }) => lives).map((issue) => [issue.id, titleOf(issue)]));
  return issues.flatMap((issue) => {
    if (!issue.lives) return [];
    const known = SIDES.filter((side) => issue.in[side] !== undefined && issue.in[side].id !== issue.id);
    const byId = Map.groupBy(known, (side) => issue.in[side]?.id ?? "");
    return [...byId].map(
      ([id, sides]): MovedIssue => ({
        id,
        newId: issue.id,
        side: sides.length > 1 ? "both" : (sides[0] ?? "both"),
        title: titleOf(issue),
        holder: holders.get(id),
      }),
    );
  });
}

function beatenIssues({ issues, rows }: Alignment): BeatenIssue[] {
  const dead = new Map<KnownIssue, Side>();
  for (const issue of issues) {
    const side = issue.in.ours === undefined ? "theirs" : "ours";
    if (!issue.lives && issue.in[side] !== undefined) dead.set(issue, side);
  }
  const changed = new Set<KnownIssue>();
  for (const { owners, base, ...sides } of rows) {
    for (const issue of owners) {
      const row = sides[dead.get(issue) ?? "ours"];
      // What a side took away may be the trace of another deletion.
      if (dead.has(issue) && row !== undefined && !sameRow(base, row)) changed.add(issue);
    }
  }
  return [...changed]
    .map((issue) => ({ id: issue.id, title: titleOf(issue), side: dead.get(issue) ?? "ours" }))
    .toSorted((a, b) => compareTexts(a.id, b.id));
}

function titleOf({ in: { ours, theirs, base } }: KnownIssue): string {
  return (ours ?? theirs ?? base)?.title ?? "";
}

function checkSameProject({ ours, theirs }: Sides<Row>): void {
  if (ours["key"] !== "_project_id" || sameCell(ours["value"], theirs["value"])) return;
  throw new BdError(
    "config",
    "OTHER_PROJECT",
    `the remote belongs to project ${String(theirs["value"])}, but this database to ${String(ours["value"])}: nothing was merged`,
    { hint: command`bd where`, details: { ours: ours["value"], theirs: theirs["value"] } },
  );
}
