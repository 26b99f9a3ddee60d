import type { Row } from "../merge/cell.ts";

/** A row before and after; undefined where it did not exist. */
export interface RowChange {
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** The rows of one table that differ, by the values of their key, as `keyText` writes them. */
export type RowChanges = ReadonlyMap<string, RowChange>;
