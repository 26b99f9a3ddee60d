import { compareCells, compareTexts, type Row, type Side, type Sides, sameCell } from "./cell.ts";
import type { RowContest } from "./merge-cell.ts";
import { type RowVersions, survivor } from "./merge-keyed-row.ts";
import { type MergedRow, mergeRow } from "./merge-row.ts";

export interface IssueVersions extends RowVersions {
  readonly reopened?: RowContest["reopened"];
  /**
   * Whether that side added or changed comments, labels or dependencies of the issue since the base: such an issue
   * outlives its deletion on the other side, as a changed one does.
   */
  readonly touched?: Readonly<Partial<Sides<boolean | undefined>>> | undefined;
}

export type MergedIssue =
  | ({
      readonly outcome: "row";
      /**
       * The side whose issue is kept against its deletion by the other. What hangs on the issue (comments, labels,
       * dependencies both ways, events, snapshots) is then that side's too, because the deletion took it along.
       */
      readonly kept?: Side;
    } & MergedRow)
  | { readonly outcome: "removed" }
  /** Two different issues were given one id. `keeps` is the side whose issue keeps it; see `idForSecond`. */
  | { readonly outcome: "clash"; readonly keeps: Side };

/** Merges an issue. Swapping ours and theirs gives the same row. */
export function mergeIssueRow({ base, ours, theirs, touched, ...rest }: IssueVersions): MergedIssue {
  if (ours === undefined || theirs === undefined) {
    const found = survivor({ base, ours, theirs }, touched);
    if (found === undefined) return { outcome: "removed" };
    const kept = base === undefined ? {} : { kept: found.side };
    return { outcome: "row", row: found.row, settled: [], lost: [], ...kept };
  }
  if (base === undefined && !isSameIssue(ours, theirs)) return { outcome: "clash", keeps: firstIssue(ours, theirs) };
  return { outcome: "row", ...mergeRow("issues", { base, ours, theirs, ...rest }) };
}

/** Both sides may have got one issue on other ways, such as an import. */
function isSameIssue(ours: Row, theirs: Row): boolean {
  return ["created_at", "created_by", "title"].every((column) => sameCell(ours[column], theirs[column]));
}

/** The one created first; of two made in the same second the one with the smaller values. */
function firstIssue(ours: Row, theirs: Row): Side {
  const byTime = compareCells(ours["created_at"], theirs["created_at"]);
  const order = byTime === 0 ? compareTexts(rowText(ours), rowText(theirs)) : byTime;
  return order <= 0 ? "ours" : "theirs";
}

function rowText(row: Row): string {
  const cells = Object.entries(row).toSorted(([a], [b]) => compareTexts(a, b));
  return JSON.stringify(cells, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}
