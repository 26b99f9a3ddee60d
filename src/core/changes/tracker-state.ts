import { keyText, type Snapshot } from "../merge/snapshot.ts";
import { STATE_KEYS, STATE_TABLES, type StateTable } from "./state-tables.ts";
import { type WireRow, wireRow } from "./wire-row.ts";

/** What a tracker says: rows in the wire's words, by table, then by `stateKey`. */
export type TrackerState = ReadonlyMap<StateTable, ReadonlyMap<string, WireRow>>;

/** The key of a row in the wire's words. */
export function stateKey(table: StateTable, row: WireRow): string {
  return keyText(STATE_KEYS[table].map((column) => row[column]));
}

/** The state that the tables of a commit hold, whose rows are as the database gives them. */
export function stateOf(tables: Snapshot): TrackerState {
  return new Map(
    STATE_TABLES.map((table) => {
      const rows = [...(tables.get(table)?.values() ?? [])].map((row) => wireRow(table, row));
      return [table, new Map(rows.map((row) => [stateKey(table, row), row]))];
    }),
  );
}
