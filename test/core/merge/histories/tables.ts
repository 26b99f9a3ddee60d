import type { Row } from "../../../../src/core/merge/cell.ts";
import { type Rows, rowKey, type Snapshot, type TableKeys, textOf } from "../../../../src/core/merge/snapshot.ts";

/** Tables that are being changed. */
export type Draft = Map<string, Map<string, Row>>;

export const KEYS: TableKeys = new Map([
  ["issues", ["id"]],
  ["labels", ["issue_id", "label"]],
  ["dependencies", ["issue_id", "depends_on_id"]],
  ["comments", ["id"]],
  ["events", ["id"]],
  ["child_counters", ["parent_id"]],
  ["interactions", ["id"]],
  ["config", ["key"]],
  ["metadata", ["key"]],
  ["bd_deleted_issues", ["wanted_id", "created_by", "created_at", "ext", "moved"]],
]);

export function put(draft: Draft, table: string, row: Row): void {
  const rows = draft.get(table) ?? new Map<string, Row>();
  draft.set(table, rows);
  rows.set(rowKey(row, KEYS.get(table) ?? []), row);
}

export function draftOf(snapshot: Snapshot): Draft {
  return new Map([...snapshot].map(([table, rows]) => [table, new Map(rows)]));
}

export function removeRows(draft: Draft, table: string, matches: (row: Row) => boolean): void {
  const rows = draft.get(table);
  for (const [key, row] of rows ?? []) if (matches(row)) rows?.delete(key);
}

export function rowsOf(snapshot: Snapshot, table: string): Row[] {
  const rows: Rows = snapshot.get(table) ?? new Map();
  return [...rows.values()];
}

/** Which of all issues ever made the row is. It stands in a column that no rule looks at. */
export function tagOf(row: Row | undefined): string {
  return textOf(row, "owner");
}

/** What every tracker begins with. */
export function firstTables({ tombstones }: { readonly tombstones: boolean }): Draft {
  const tables: Draft = new Map(tombstones ? [["bd_deleted_issues", new Map<string, Row>()]] : []);
  put(tables, "metadata", { key: "_project_id", value: "p1" });
  return tables;
}
