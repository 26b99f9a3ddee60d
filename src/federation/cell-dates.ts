import { type CellDates, type Row as CellRow, sameCell } from "../core/merge/cell.ts";
import type { Reader } from "../store/store.ts";
import { type Branch, commitChanges, type WantedRows } from "./commit-changes.ts";
import type { RowChange } from "./table-changes.ts";

/** When one side last changed each cell of a row since the two parted. */
export interface RowDates {
  readonly dates: CellDates;
  /** When it last opened the closed issue again. */
  readonly reopened: string | undefined;
}

/** Walks the commits that one side has alone. The answer has the rows that it touched there, by key. */
export async function cellDates(
  reader: Reader,
  branch: Branch,
  wanted: WantedRows,
): Promise<ReadonlyMap<string, RowDates>> {
  const found = new Map<string, RowDates>();
  for (const { date, fromParents } of await commitChanges(reader, branch, wanted)) {
    const [first, ...others] = fromParents;
    // A merge changed only what differs from all its parents: the rest came with them.
    for (const [key, change] of others.reduce(inBoth, first ?? new Map<string, RowChange>())) {
      found.set(key, laterDates(found.get(key), date, change));
    }
  }
  return found;
}

/** A cell that equals one parent's counts as unchanged, so its value before is set to the one after. */
function inBoth(
  all: ReadonlyMap<string, RowChange>,
  one: ReadonlyMap<string, RowChange>,
): ReadonlyMap<string, RowChange> {
  const common = new Map<string, RowChange>();
  for (const [key, { before, after }] of all) {
    const other = one.get(key);
    if (other === undefined || before === undefined || other.before === undefined || after === undefined) continue;
    const differing = Object.keys(after).filter((column) => !sameCell(other.before?.[column], after[column]));
    common.set(key, { before: { ...after, ...pick(before, differing) }, after });
  }
  return common;
}

function pick(row: CellRow, columns: readonly string[]): CellRow {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

function laterDates(known: RowDates | undefined, date: string, { before, after }: RowChange): RowDates {
  const dates: Record<string, string | undefined> = { ...known?.dates };
  for (const column of Object.keys(after ?? {})) {
    if (before !== undefined && sameCell(before[column], after?.[column])) continue;
    dates[column] = later(dates[column], date);
  }
  const isReopened = before?.["status"] === "closed" && after !== undefined && after["status"] !== "closed";
  return { dates, reopened: isReopened ? later(known?.reopened, date) : known?.reopened };
}

function later(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b;
}
