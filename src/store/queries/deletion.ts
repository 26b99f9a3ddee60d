import type { Rows } from "../../core/merge/snapshot.ts";
import { keyText } from "../../core/merge/snapshot.ts";
import { combine, execute, number, type Query, query, rows, text } from "../query.ts";
import { identifier, join, list, sql } from "../sql.ts";
import { idListFrom, idTable } from "./id-list.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** How many events are kept of issues and wisps. */
export function eventCountsOf(ids: readonly string[]): Query<number> {
  const count = (tables: TableFamily) =>
    query(
      sql`SELECT COUNT(*) AS n FROM ${idTable(sql`${idListFrom(ids)}`)} JOIN ${tables.events} e ON e.issue_id = v.id`,
      ({ rows: [row = {}] }) => number(row, "n"),
    );
  return combine([count(ISSUE_TABLES), count(WISP_TABLES)], (issues, wisps) => issues + wisps);
}

/** The rows that say who issues are: theirs, and the events of their creation. */
export function birthRows(ids: readonly string[]): Query<Map<string, Rows>> {
  const named = list(ids);
  const keyed = (statement: Parameters<typeof rows>[0]) =>
    combine([rows(statement, (row) => row)], (found) => new Map(found.map((row) => [keyText([text(row, "id")]), row])));
  return combine(
    [
      keyed(sql`SELECT id, title, created_by, created_at, updated_at FROM issues WHERE id IN ${named}`),
      keyed(sql`SELECT id, issue_id, event_type, actor, comment, created_at FROM events
        WHERE event_type = 'created' AND issue_id IN ${named}`),
    ],
    (issues, events) =>
      new Map([
        ["issues", issues],
        ["events", events],
      ]),
  );
}

/** Takes issues away, and what hangs on them; of wisps the database does not do that by itself. */
export function deleteIssues(tables: TableFamily, ids: readonly string[]): Query<number>[] {
  if (ids.length === 0) return [];
  const named = list(ids);
  const parts = [tables.labels, tables.dependencies, tables.comments, tables.events];
  return [
    ...parts.map((table) => execute(sql`DELETE FROM ${table} WHERE issue_id IN ${named}`)),
    execute(sql`DELETE FROM ${tables.issues} WHERE id IN ${named}`),
  ];
}

/** Takes away the edges of issues and wisps that end at these. */
export function deleteEdgesTo(ids: readonly string[]): Query<number>[] {
  return [ISSUE_TABLES, WISP_TABLES].map(({ dependencies }) =>
    execute(sql`DELETE FROM ${dependencies} WHERE depends_on_id IN ${list(ids)}`),
  );
}

/** Adds rows of which all columns are the key, as far as they are not there. */
export function addKeys(
  table: string,
  columns: readonly string[],
  values: readonly (readonly string[])[],
): Query<number>[] {
  if (values.length === 0) return [];
  const names = join(columns.map(identifier), ", ");
  const tuples = join(
    values.map((row) => list(row)),
    ", ",
  );
  return [execute(sql`INSERT IGNORE INTO ${identifier(table)} (${names}) VALUES ${tuples}`)];
}
