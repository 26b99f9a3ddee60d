import { combine, type Query, query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import type { Selection } from "./selection.ts";

/** The first existing id of a selection in a variable, for statements of the same packet that are about one issue. */
function chosenId(selection: Selection): Query<void> {
  return query(
    sql`SET @parent = (SELECT MIN(i.id) FROM JSON_TABLE(${selection.variable}, '$[*]' COLUMNS (id VARCHAR(255) PATH '$')) v
      JOIN ${selection.tables.issues} i ON i.id = v.id)`,
    () => {},
  );
}

/** The counter of a parent's children, and all ids below it, whatever their parent says. */
export interface Descent {
  readonly lastCounted: number;
  readonly descendantIds: readonly string[];
}

/** What a new child of the selected issue must know. The selection must have been chosen earlier in the packet. */
export function descentOf(selection: Selection): Query<Descent> {
  const counter = query(sql`SELECT last_child FROM child_counters WHERE parent_id = @parent`, ({ rows: [row] }) =>
    Number(row?.["last_child"] ?? 0),
  );
  const below = rows(
    sql`SELECT i.id FROM ${selection.tables.issues} i
      WHERE i.id > CONCAT(@parent, '.') AND i.id < CONCAT(@parent, '/')`,
    (row) => text(row, "id"),
  );
  return combine([chosenId(selection), counter, below], (_chosen, lastCounted, descendantIds) => ({
    lastCounted,
    descendantIds,
  }));
}
