import type { Comment, Dependency, Issue } from "../../core/issue/issue.ts";
import type { StoredBirth } from "../../core/jsonl/match-lines.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { combine, type Query, query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import { commentsOf, dependenciesOf, labelsOf } from "./issue-parts.ts";
import { issuesOf } from "./issues.ts";
import { selectIds } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** An issue with its parts, and where it is kept. */
export interface KeptIssue {
  readonly family: TableFamily["name"];
  readonly issue: Issue;
  readonly labels: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly comments: readonly Comment[];
}

/** Those of the ids that exist, whole. */
export function keptIssues(ids: readonly string[]): Query<Map<string, KeptIssue>> {
  return combine(
    [keptIn(ISSUE_TABLES, ids), keptIn(WISP_TABLES, ids)],
    (issues, wisps) => new Map([...wisps, ...issues].map((kept) => [kept.issue.id, kept])),
  );
}

/** Those of the ids that exist in these tables, whole. */
export function keptIn(tables: TableFamily, ids: readonly string[]): Query<KeptIssue[]> {
  const selection = selectIds(tables, ids);
  return combine(
    [selection.choose, issuesOf(selection), labelsOf(selection), dependenciesOf(selection), commentsOf(selection)],
    (_chosen, issues, labels, dependencies, comments) =>
      issues.map((issue) => ({
        family: tables.name,
        issue,
        labels: labels.get(issue.id) ?? [],
        dependencies: dependencies.get(issue.id) ?? [],
        comments: comments.get(issue.id) ?? [],
      })),
  );
}

/** Who made the issues that have these ids, and when. */
export function birthsOf(ids: readonly string[]): Query<Map<string, StoredBirth>> {
  if (ids.length === 0) return { statements: [], decode: () => new Map() };
  const choose = query(sql`SET @birth_ids = ${JSON.stringify(ids)}`, () => {});
  return combine(
    [choose, birthsIn(ISSUE_TABLES), birthsIn(WISP_TABLES)],
    (_chosen, issues, wisps) => new Map([...wisps, ...issues].map((birth) => [birth.id, birth])),
  );
}

function birthsIn({ issues }: TableFamily): Query<StoredBirth[]> {
  return rows(
    sql`SELECT i.id, i.created_by, i.created_at FROM JSON_TABLE(@birth_ids, '$[*]' COLUMNS (id VARCHAR(255) PATH '$')) v
      JOIN ${issues} i ON i.id = v.id`,
    (row) => ({
      id: text(row, "id"),
      created_by: text(row, "created_by"),
      created_at: toWireTime(text(row, "created_at")),
    }),
  );
}

/** Those of the ids that comments have already. */
export function takenCommentIds(ids: readonly string[]): Query<string[]> {
  if (ids.length === 0) return { statements: [], decode: () => [] };
  const choose = query(sql`SET @comment_ids = ${JSON.stringify(ids)}`, () => {});
  return combine([choose, takenIn(ISSUE_TABLES), takenIn(WISP_TABLES)], (_chosen, issues, wisps) => [
    ...issues,
    ...wisps,
  ]);
}

function takenIn({ comments }: TableFamily): Query<string[]> {
  return rows(
    sql`SELECT c.id FROM JSON_TABLE(@comment_ids, '$[*]' COLUMNS (id VARCHAR(255) PATH '$')) v
      JOIN ${comments} c ON c.id = v.id`,
    (row) => text(row, "id"),
  );
}

/** The titles of issues that are not closed. */
export const openTitles: Query<Set<string>> = query(
  sql`SELECT i.title FROM issues i WHERE i.status <> 'closed'`,
  (result) => new Set(result.rows.map((row) => text(row, "title"))),
);
