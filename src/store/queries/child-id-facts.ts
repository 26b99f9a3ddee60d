import { combine, type Query, query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import { type Selection, selected } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** The first existing id of a selection in a variable, for statements of the same packet that are about one issue. */
function chosenId(selection: Selection): Query<void> {
  const firstIn = (tables: TableFamily) =>
    sql`(SELECT i.id FROM ${selected(selection)} JOIN ${tables.issues} i ON i.id = v.id ORDER BY v.place LIMIT 1)`;
  return query(sql`SET @parent = COALESCE(${firstIn(ISSUE_TABLES)}, ${firstIn(WISP_TABLES)})`, () => {});
}

/** The counter of a parent's children, and all ids below it, of issues and wisps, whatever their parent says. */
export interface Descent {
  readonly lastCounted: number;
  readonly descendantIds: readonly string[];
}

/** What a new child of the selected issue must know. The selection must have been chosen earlier in the packet. */
export function descentOf(selection: Selection): Query<Descent> {
  const counter = query(sql`SELECT last_child FROM child_counters WHERE parent_id = @parent`, ({ rows: [row] }) =>
    Number(row?.["last_child"] ?? 0),
  );
  const belowIn = (tables: TableFamily) =>
    rows(
      sql`SELECT i.id FROM ${tables.issues} i WHERE i.id > CONCAT(@parent, '.') AND i.id < CONCAT(@parent, '/')`,
      (row) => text(row, "id"),
    );
  return combine(
    [chosenId(selection), counter, belowIn(ISSUE_TABLES), belowIn(WISP_TABLES)],
    (_chosen, lastCounted, issues, wisps) => ({ lastCounted, descendantIds: [...issues, ...wisps] }),
  );
}
