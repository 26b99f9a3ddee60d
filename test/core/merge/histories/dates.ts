import type { Row } from "../../../../src/core/merge/cell.ts";
import { changedCells } from "../../../../src/core/merge/merge-row.ts";
import type { AlignedRow } from "../../../../src/core/merge/merge-snapshots.ts";
import type { RowDates } from "../../../../src/core/merge/merge-versions.ts";
import { type Snapshot, textOf } from "../../../../src/core/merge/snapshot.ts";
import { rowsOf, tagOf } from "./tables.ts";

/**
 * By the tag, or what names a row of another table, then by column, when the cell was last changed; a key of
 * metadata as `metadata.<key>`.
 */
export type Dates = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Stands among the columns for the last time that a closed issue was opened again. */
const REOPENED = "(reopened)";

export function datesAfter(dates: Dates, [before, after]: readonly [Snapshot, Snapshot], now: string): Dates {
  const changed = new Map(dates);
  for (const table of ["issues", "config"]) {
    const known = new Map(rowsOf(before, table).map((row) => [nameOf(table, row), row]));
    for (const row of rowsOf(after, table)) {
      const [name, old] = [nameOf(table, row), known.get(nameOf(table, row))];
      if (old === row || (old === undefined && table === "issues")) continue;
      const cells = cellsOf(table, old ?? {}, row).map((column) => [column, now]);
      if (cells.length > 0) changed.set(name, { ...changed.get(name), ...Object.fromEntries(cells) });
    }
  }
  return changed;
}

function nameOf(table: string, row: Row | undefined): string {
  return table === "issues" ? tagOf(row) : `${table} ${textOf(row, "key")}`;
}

/** As a merge asks for them, and whether the issue was opened again. */
function cellsOf(table: string, before: Row, after: Row): string[] {
  const isReopened = before["status"] === "closed" && after["status"] !== "closed";
  return [...changedCells(table, before, after), ...(isReopened ? [REOPENED] : [])];
}

export function laterDates(a: Dates, b: Dates): Dates {
  const tags = new Set([...a.keys(), ...b.keys()]);
  return new Map(
    [...tags].map((tag) => {
      const later: Record<string, string> = {};
      for (const [column, at] of [...Object.entries(a.get(tag) ?? {}), ...Object.entries(b.get(tag) ?? {})]) {
        if (at > (later[column] ?? "")) later[column] = at;
      }
      return [tag, later];
    }),
  );
}

/** As a merge asks for them. */
export function rowDates({ table, ours }: AlignedRow, dates: Dates): RowDates | undefined {
  const own = dates.get(nameOf(table, ours));
  return own !== undefined ? { dates: own, reopened: own[REOPENED] } : undefined;
}
