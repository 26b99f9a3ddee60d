import type { RowChange, RowChanges } from "../changes/row-change.ts";
import { type Row, sameCell } from "../merge/cell.ts";
import { textOf } from "../merge/snapshot.ts";

/** By table, then by the key of the row. */
export type TableChanges = ReadonlyMap<string, RowChanges>;

/** What somebody changed after the commit that is to be undone. */
export interface Clash {
  readonly table: string;
  /** The issue, or what else names the row. */
  readonly item: string;
  /** The column; undefined where the row itself came or went. */
  readonly field: string | undefined;
}

export interface Reversal {
  /** How rows become what they were before the commit: from what they are now. Rows that are so already are not here. */
  readonly changes: TableChanges;
  readonly clashes: readonly Clash[];
}

/** Cells that follow from others, or say when those changed: nobody's word is lost with them. */
const FOLLOWING: ReadonlySet<string> = new Set(["updated_at", "content_hash"]);

/** Logs, of which only what went with an issue comes back. */
const LOGS: ReadonlySet<string> = new Set(["events"]);

/**
 * What takes back, cell by cell, what a commit did. `since` is what became of rows after it; who has one of these cells
 * otherwise now is not overruled: it is a clash. Undoing what is undone already changes nothing.
 */
export function reversalOf(done: TableChanges, since: TableChanges): Reversal {
  const clashes: Clash[] = [];
  const changes = new Map<string, RowChanges>();
  for (const [table, rows] of done) {
    const reversed = [...rows].flatMap(([key, change]) => {
      if (LOGS.has(table) && change.before === undefined) return [];
      const later = since.get(table)?.get(key);
      const current = later === undefined ? change.after : later.after;
      const { next, fields } = reversedRow(change, current);
      for (const field of fields) clashes.push({ table, item: itemOf(change), field });
      return next === current ? [] : [[key, { before: current, after: next }] as const];
    });
    if (reversed.length > 0) changes.set(table, new Map(reversed));
  }
  return { changes, clashes };
}

interface ReversedRow {
  readonly next: Row | undefined;
  /** What clashes; undefined stands for the row itself. */
  readonly fields: readonly (string | undefined)[];
}

function reversedRow({ before, after }: RowChange, current: Row | undefined): ReversedRow {
  const whole = { next: current, fields: [undefined] };
  if (before === undefined) {
    if (current === undefined || after === undefined) return { next: current, fields: [] };
    return { next: undefined, fields: differing(after, current) };
  }
  if (after === undefined) {
    if (current === undefined) return { next: before, fields: [] };
    return differing(before, current).length === 0 ? { next: current, fields: [] } : whole;
  }
  if (current === undefined) return whole;
  const changed = Object.keys(before).filter((column) => !sameCell(before[column], after[column]));
  const wanted = changed.filter((column) => !sameCell(current[column], before[column]));
  const free = wanted.filter((column) => sameCell(current[column], after[column]));
  return {
    next:
      free.length === 0
        ? current
        : { ...current, ...Object.fromEntries(free.map((column) => [column, before[column]])) },
    fields: wanted.filter((column) => !free.includes(column) && !FOLLOWING.has(column)),
  };
}

function differing(a: Row, b: Row): string[] {
  return Object.keys(a).filter((column) => !FOLLOWING.has(column) && !sameCell(a[column], b[column]));
}

function itemOf({ before, after }: RowChange): string {
  const row = after ?? before;
  return textOf(row, "issue_id") || textOf(row, "id") || textOf(row, "key") || textOf(row, "name");
}
