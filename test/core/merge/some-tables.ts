import type { Row } from "../../../src/core/merge/cell.ts";
import { rowKey, type Snapshot } from "../../../src/core/merge/snapshot.ts";
import { KEYS } from "./histories/tables.ts";

export const NINE = "2026-01-01 09:00:00";
export const TEN = "2026-01-01 10:00:00";
export const ELEVEN = "2026-01-01 11:00:00";

/** Made by ann at ten, with the title "A", unless said otherwise. */
export function issue(id: string, row: Row = {}): Row {
  const { created_at: at = TEN } = row;
  return { id, title: "A", created_by: "ann", created_at: at, updated_at: at, ...row };
}

/** The event of a creation. */
export function created(id: string, issueId: string, at = TEN): Row {
  return { id, issue_id: issueId, event_type: "created", created_at: at };
}

export function tables(rows: Readonly<Record<string, readonly Row[]>>): Snapshot {
  return new Map(
    Object.entries(rows).map(([table, own]) => [
      table,
      new Map(own.map((row) => [rowKey(row, KEYS.get(table) ?? []), row])),
    ]),
  );
}

/** The rows of each table, in the order of their keys. */
export function rowsIn(snapshot: Snapshot): Record<string, Row[]> {
  const sorted = (own: ReadonlyMap<string, Row>) =>
    [...own].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return Object.fromEntries([...snapshot].map(([table, own]) => [table, sorted(own)]));
}
