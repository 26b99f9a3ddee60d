import {
  type CellDates,
  compareCells,
  compareTexts,
  otherSide,
  type Row,
  type Side,
  type Sides,
  sameCell,
} from "./cell.ts";
import type { MergeRule } from "./merge-rules.ts";

/** Why a value stands that both sides had changed. */
export type Reason =
  | "chosen" // the strategy names the side
  | "later" // changed later
  | "larger" // changed at the same time, and the larger value
  | "maximum" // the rule takes the larger value, whatever the dates
  | "minimum" // the rule takes the smaller value, whatever the dates
  | "united" // parts of both
  | "closed" // closed beats open
  | "reopened" // reopened after the other side closed it
  | "compacted" // the higher level of compaction
  | "follows"; // comes with the column that decides

/** One cell, or columns that go together, that both sides changed differently, and what became of it. */
export interface Settled {
  readonly field: string;
  readonly winner: Side | "both";
  readonly why: Reason;
  /** What each side had, where the field is a part of its cell. */
  readonly parts?: Sides<string>;
}

/** Which side's value stands, and why. */
export interface Verdict {
  readonly winner: Side;
  readonly why: Reason;
}

/** Two versions of a row with what settles their differences. No base: both sides added the row. */
export interface RowContest {
  readonly base?: Row | undefined;
  readonly ours: Row;
  readonly theirs: Row;
  /** Without it every cell counts as changed at one time. */
  readonly dates?: Sides<CellDates> | undefined;
  /** Wins every cell that both sides changed, in place of dates and closing (`--strategy ours` and `theirs`). */
  readonly prefer?: Side | undefined;
  /** When each side last reopened the issue since the base, in the form of the dates. */
  readonly reopened?: Readonly<Partial<Sides<string | undefined>>> | undefined;
}

/** Without a base every value counts as changed. */
export function isEdited({ base, ...rows }: RowContest, side: Side, column: string): boolean {
  return base === undefined || !sameCell(rows[side][column], base[column]);
}

/** The side whose value stands where no rule is needed; undefined where both changed it differently. */
export function uncontested(contest: RowContest, column: string): Side | undefined {
  if (sameCell(contest.ours[column], contest.theirs[column])) return "ours";
  if (!isEdited(contest, "theirs", column)) return "ours";
  return isEdited(contest, "ours", column) ? undefined : "theirs";
}

/**
 * The later change of one or more columns that go together; on the same date the larger values, looked at in order.
 * `datedBy` are the columns whose dates count, all of them by default.
 */
export function laterSide(contest: RowContest, columns: readonly string[], datedBy = columns): Verdict {
  if (contest.prefer !== undefined) return { winner: contest.prefer, why: "chosen" };
  const byDate = compareTexts(changedAt(contest, "ours", datedBy), changedAt(contest, "theirs", datedBy));
  if (byDate !== 0) return { winner: byDate > 0 ? "ours" : "theirs", why: "later" };
  return { winner: largerSide(contest, columns), why: "larger" };
}

/** The side with the larger values, looked at in order. */
export function largerSide({ ours, theirs }: RowContest, columns: readonly string[]): Side {
  const differences = columns.map((column) => compareCells(ours[column], theirs[column]));
  return (differences.find((difference) => difference !== 0) ?? 0) >= 0 ? "ours" : "theirs";
}

/** When that side last changed any of these columns. */
export function changedAt({ dates }: RowContest, side: Side, columns: readonly string[]): string {
  const known = columns.map((column) => dates?.[side][column] ?? "");
  return known.reduce((latest, date) => (date > latest ? date : latest), "");
}

/** What a cell, or columns that go together, come to. */
export interface Outcome {
  readonly values: Row;
  readonly settled: readonly Settled[];
}

/** Columns that make sense only together. */
interface ColumnGroup {
  readonly deciding: readonly string[];
  readonly following: readonly string[];
  /** Asked where both sides changed what decides, to different values. */
  readonly winner: (contest: RowContest, group: ColumnGroup) => Verdict;
}

const CLOSING: ColumnGroup = {
  deciding: ["status", "closed_at"],
  following: ["close_reason", "closed_by_session"],
  winner: closingWinner,
};

const COMPACTION: ColumnGroup = {
  deciding: ["compaction_level", "compacted_at"],
  following: ["compacted_at_commit", "original_size"],
  winner: compactionWinner,
};

export function columnGroup(rule: MergeRule): ColumnGroup | undefined {
  if (rule === "closing") return CLOSING;
  return rule === "compaction" ? COMPACTION : undefined;
}

/**
 * Where both sides changed what decides, one of them gives all columns. Where one did, it also settles what both
 * changed of the rest. Where none did, or both did alike, the rest is merged cell by cell.
 */
export function mergeGroup(contest: RowContest, group: ColumnGroup): Outcome {
  const { ours, theirs } = contest;
  if (group.deciding.every((column) => sameCell(ours[column], theirs[column]))) {
    return settle(contest, group, (column) => laterSide(contest, [column]));
  }
  const changed = (side: Side) => group.deciding.some((column) => isEdited(contest, side, column));
  if (!changed("ours") || !changed("theirs")) {
    const winner = changed("ours") ? "ours" : "theirs";
    return settle(contest, group, () => ({ winner, why: "follows" }));
  }
  return allFrom(contest, group, group.winner(contest, group));
}

function settle(contest: RowContest, group: ColumnGroup, verdictOn: (column: string) => Verdict): Outcome {
  const settled: Settled[] = [];
  const values = columnsOf(group).map((column) => {
    let side = uncontested(contest, column);
    if (side === undefined) {
      const verdict = verdictOn(column);
      settled.push({ field: column, ...verdict });
      side = verdict.winner;
    }
    return [column, contest[side][column]];
  });
  return { values: Object.fromEntries(values), settled };
}

function allFrom(contest: RowContest, group: ColumnGroup, { winner, why }: Verdict): Outcome {
  const columns = columnsOf(group);
  const differing = columns.filter((column) => !sameCell(contest.ours[column], contest.theirs[column]));
  const contested = differing.filter((column) => uncontested(contest, column) === undefined);
  // One may have changed the status alone and the other the time alone.
  const fields = contested.length === 0 ? differing.slice(0, 1) : contested;
  return {
    values: Object.fromEntries(columns.map((column) => [column, contest[winner][column]])),
    settled: fields.map((field, index) => ({ field, winner, why: index === 0 ? why : "follows" })),
  };
}

function columnsOf(group: ColumnGroup): string[] {
  return [...group.deciding, ...group.following];
}

/** Closed beats open, unless it was reopened after that closing. */
function closingWinner(contest: RowContest, group: ColumnGroup): Verdict {
  const closed = (side: Side) => contest[side]["status"] === "closed";
  if (contest.prefer !== undefined || closed("ours") === closed("theirs")) {
    return laterSide(contest, columnsOf(group), group.deciding);
  }
  const closer = closed("ours") ? "ours" : "theirs";
  const opener = otherSide(closer);
  const reopenedAt = contest.reopened?.[opener] ?? "";
  // Open now and closed in the base is a reopening too, recorded as one or not.
  const openedAt = contest.base?.["status"] === "closed" ? changedAt(contest, opener, group.deciding) : "";
  const closedAt = changedAt(contest, closer, group.deciding);
  const reopened = reopenedAt > closedAt || openedAt > closedAt;
  return reopened ? { winner: opener, why: "reopened" } : { winner: closer, why: "closed" };
}

function compactionWinner(contest: RowContest, group: ColumnGroup): Verdict {
  const sameLevel = compareCells(contest.ours["compaction_level"], contest.theirs["compaction_level"]) === 0;
  if (contest.prefer !== undefined || sameLevel) return laterSide(contest, columnsOf(group), group.deciding);
  return { winner: largerSide(contest, ["compaction_level"]), why: "compacted" };
}
