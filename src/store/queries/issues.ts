import type { Issue } from "../../core/issue.ts";
import type { IssueFilter } from "../../core/issue-filter.ts";
import { combine, number, type Query, query, rows } from "../query.ts";
import { sql } from "../sql.ts";
import { filterConditions, prepared } from "./issue-filter.ts";
import { ISSUE_COLUMNS, issueFromRow } from "./issue-rows.ts";
import { type Selection, selected, selectIds } from "./selection.ts";
import type { TableFamily } from "./tables.ts";

/** The issues of a selection, bare, in its order. */
export function issuesOf(selection: Selection): Query<Issue[]> {
  return rows(
    sql`SELECT ${ISSUE_COLUMNS} FROM ${selected(selection)} JOIN ${selection.tables.issues} i ON i.id = v.id ORDER BY v.place`,
    issueFromRow,
  );
}

/** The issues with these ids, bare, in their order. `name` tells several selections of one packet apart. */
export function issuesByIds(tables: TableFamily, ids: readonly string[], name?: string): Query<Issue[]> {
  const selection = selectIds(tables, ids, name);
  return combine([selection.choose, issuesOf(selection)], (_chosen, issues) => issues);
}

/** How many issues a filter finds. */
export function countIssues(tables: TableFamily, filter: IssueFilter): Query<number> {
  const count = query(
    sql`SELECT COUNT(*) AS n FROM ${tables.issues} i WHERE ${filterConditions(filter, tables)}`,
    ({ rows: [row] }) => number(row ?? {}, "n"),
  );
  return prepared(filter, count);
}
