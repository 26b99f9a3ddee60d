import type { PartTable } from "../../core/changes/state-tables.ts";
import type { Row as CellRow } from "../../core/merge/cell.ts";
import { keyText, type Rows } from "../../core/merge/snapshot.ts";
import { combine, type Query, rows, text } from "../query.ts";
import { identifier, list, type Sql, sql } from "../sql.ts";

/** Above that many the server sends all rows: naming them would cost more. */
const MAX_NAMED = 500;

function named(column: Sql, ids: ReadonlySet<string>): Sql {
  return ids.size > MAX_NAMED ? sql`TRUE` : sql`${column} IN ${list([...ids])}`;
}

/** The titles of those of the issues that a commit has. */
export function titlesAt(commit: string, ids: ReadonlySet<string>): Query<Map<string, string>> {
  if (ids.size === 0) return combine([], () => new Map());
  const found = rows(
    sql`SELECT id, title FROM issues AS OF ${commit} WHERE ${named(sql`id`, ids)}`,
    (row) => [text(row, "id"), text(row, "title")] as const,
  );
  return combine([found], (titles) => new Map(titles.filter(([id]) => ids.has(id))));
}

/** The rows of issues, as far as they say who made them and when. */
export function birthsAt(commit: string, ids: ReadonlySet<string>): Query<Rows> {
  const found = rows(
    sql`SELECT id, title, created_by, created_at, updated_at FROM issues AS OF ${commit} WHERE ${named(sql`id`, ids)}`,
    (row) => row,
  );
  return combine([found], (all) => keyed(all.filter((row) => ids.has(text(row, "id")))));
}

/** The events of their creation. */
export function creationsAt(commit: string, ids: ReadonlySet<string>): Query<Rows> {
  const found = rows(
    sql`SELECT id, issue_id, event_type, created_at FROM events AS OF ${commit}
      WHERE event_type = 'created' AND (${named(sql`issue_id`, ids)})`,
    (row) => row,
  );
  return combine([found], (all) => keyed(all.filter((row) => ids.has(text(row, "issue_id")))));
}

/** All rows of a table that hang on one of the issues. */
export function partsAt(commit: string, table: PartTable, ids: ReadonlySet<string>): Query<CellRow[]> {
  const found = rows(
    sql`SELECT * FROM ${identifier(table)} AS OF ${commit} WHERE ${named(sql`issue_id`, ids)}`,
    (row) => row,
  );
  return combine([found], (all) => all.filter((row) => ids.has(text(row, "issue_id"))));
}

function keyed(all: readonly CellRow[]): Rows {
  return new Map(all.map((row) => [keyText([row["id"]]), row]));
}
