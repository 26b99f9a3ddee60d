import type { Comment, Dependency, IssueParts } from "../../core/issue/issue.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { combine, number, type Query, type Row, rows, text } from "../query.ts";
import { raw, sql } from "../sql.ts";
import { commentFromRow, DEPENDENCY_COLUMNS, dependencyFromRow } from "./issue-rows.ts";
import { type Selection, selected, selectedRows } from "./selection.ts";

/** What stands beside the issues of a selection, by issue id. */
export type ByIssue<T> = ReadonlyMap<string, T>;

export function labelsOf(selection: Selection): Query<ByIssue<string[]>> {
  const found = selectedRows(
    selection,
    {
      columns: raw("l.issue_id, l.label"),
      from: sql`${selection.tables.labels} l`,
      id: raw("l.issue_id"),
      ending: raw("ORDER BY l.issue_id, l.label"),
    },
    (row) => ({ issue_id: text(row, "issue_id"), label: text(row, "label") }),
  );
  return combine([found], (labels) =>
    grouped(
      labels,
      ({ issue_id }) => issue_id,
      ({ label }) => label,
    ),
  );
}

/** The edges that start at the issues, ordered by their other ends. */
export function dependenciesOf(selection: Selection): Query<ByIssue<Dependency[]>> {
  const found = selectedRows(
    selection,
    {
      columns: DEPENDENCY_COLUMNS,
      from: sql`${selection.tables.dependencies} d`,
      id: raw("d.issue_id"),
      ending: raw("ORDER BY d.issue_id, d.depends_on_id"),
    },
    dependencyFromRow,
  );
  return combine([found], (edges) =>
    grouped(
      edges,
      ({ issue_id }) => issue_id,
      (edge) => edge,
    ),
  );
}

export function commentsOf(selection: Selection): Query<ByIssue<Comment[]>> {
  const found = rows(
    sql`SELECT c.id, c.issue_id, c.author, c.text, c.created_at FROM ${selected(selection)}
      JOIN ${selection.tables.comments} c ON c.issue_id = v.id ORDER BY c.issue_id, c.created_at, c.id`,
    commentFromRow,
  );
  return combine([found], (comments) =>
    grouped(
      comments,
      ({ issue_id }) => issue_id,
      (comment) => comment,
    ),
  );
}

export function commentCountsOf(selection: Selection): Query<ByIssue<number>> {
  const counts = selectedRows(
    selection,
    {
      columns: raw("c.issue_id AS id, COUNT(*) AS n"),
      from: sql`${selection.tables.comments} c`,
      id: raw("c.issue_id"),
      ending: raw("GROUP BY c.issue_id"),
    },
    countFromRow,
  );
  return combine([counts], (found) => new Map(found));
}

/** When each issue was last commented on, as wire times; issues without comments are missing. */
export function lastCommentTimesOf(selection: Selection): Query<ByIssue<string>> {
  const times = rows(
    sql`SELECT c.issue_id, MAX(c.created_at) AS last FROM ${selected(selection)}
      JOIN ${selection.tables.comments} c ON c.issue_id = v.id GROUP BY c.issue_id`,
    (row) => [text(row, "issue_id"), toWireTime(text(row, "last"))] as const,
  );
  return combine([times], (found) => new Map(found));
}

/** How many `blocks` edges end at each issue. */
export function dependentCountsOf(selection: Selection): Query<ByIssue<number>> {
  const counts = selectedRows(
    selection,
    {
      columns: raw("d.depends_on_id AS id, COUNT(*) AS n"),
      from: sql`${selection.tables.dependencies} d`,
      id: raw("d.depends_on_id"),
      where: raw("d.type = 'blocks'"),
      ending: raw("GROUP BY d.depends_on_id"),
    },
    countFromRow,
  );
  return combine([counts], (found) => new Map(found));
}

function countFromRow(row: Row): readonly [id: string, count: number] {
  return [text(row, "id"), number(row, "n")];
}

/** Items in lists, each under its key. */
export function grouped<T, V>(items: readonly T[], key: (item: T) => string, value: (item: T) => V): ByIssue<V[]> {
  const groups = new Map<string, V[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(value(item));
    else groups.set(key(item), [value(item)]);
  }
  return groups;
}

/** The parts of one issue, out of those of a whole selection. */
export function partsOf(
  id: string,
  labels: ByIssue<string[]>,
  dependencies: ByIssue<Dependency[]>,
  comments?: ByIssue<Comment[]>,
): IssueParts {
  return { labels: labels.get(id), dependencies: dependencies.get(id), comments: comments?.get(id) };
}
