import { compareCells, otherSide, type Row, type Side, sameCell } from "./cell.ts";
import {
  changedAt,
  isEdited,
  largerSide,
  laterSide,
  type RowContest,
  type Settled,
  uncontested,
  type Verdict,
} from "./merge-cell.ts";
import type { MergeRule } from "./merge-rules.ts";

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
