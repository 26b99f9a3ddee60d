import type { Row } from "../merge/cell.ts";
import { keyText, textOf } from "../merge/snapshot.ts";
import type { RowChange, RowChanges } from "./row-change.ts";
import { PART_TABLES, type StateTable } from "./state-tables.ts";
import { sameValue, type WireChange } from "./wire-change.ts";
import { wireRow } from "./wire-row.ts";

/** What differs between two commits, and what the rows alone don't tell. */
export interface Difference {
  /**
   * The rows of the state's tables that differ, as the database gives them, and those that hang on a replaced issue, even
   * if they don't differ.
   */
  readonly rows: ReadonlyMap<StateTable, RowChanges>;
  /** By the id that an issue had, the one that it has now. */
  readonly moved: ReadonlyMap<string, string>;
  /** Ids under which another issue stands than before. */
  readonly replaced: ReadonlySet<string>;
  /** Titles of issues whose own rows don't differ. */
  readonly titles: ReadonlyMap<string, string>;
}

/** The rows of a table that differ for the wire, or that are another issue's now. */
export function wireChanges(
  { rows, replaced }: Pick<Difference, "rows" | "replaced">,
  table: StateTable,
): WireChange[] {
  const said = (row: Row | undefined) => (row === undefined ? undefined : wireRow(table, row));
  const owner = table === "issues" ? "id" : "issue_id";
  return [...(rows.get(table)?.values() ?? [])]
    .map(({ before, after }) => ({ before: said(before), after: said(after) }))
    .filter(({ before, after }) => !sameValue(before, after) || replaced.has(textOf(after, owner)));
}

/** The ids of issues that something hangs on, and whose titles the rows don't tell. */
export function untitledIssues(rows: Difference["rows"]): Set<string> {
  const parts = PART_TABLES.flatMap((table) => [...(rows.get(table)?.values() ?? [])]);
  const ids = parts.flatMap(({ before, after }) => [before, after].map((row) => textOf(row, "issue_id")));
  return new Set(ids.filter((id) => id !== "" && issueRow(rows, id) === undefined));
}

export function issueRow(rows: Difference["rows"], id: string): RowChange | undefined {
  return rows.get("issues")?.get(keyText([id]));
}
