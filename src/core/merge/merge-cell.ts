import { type CellDates, compareCells, compareTexts, type Row, type Side, type Sides, sameCell } from "./cell.ts";

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
