import { combine, firstRow, type Query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import { changedKeys } from "./table-changes.ts";

/** What a line of a file of issues is made from: by table the column that names the issue. */
export const LINE_TABLES = [
  ["issues", "id"],
  ["labels", "issue_id"],
  ["dependencies", "issue_id"],
  ["comments", "issue_id"],
] as const;

/** The ids of the issues that differ, or whose parts do, between two commits. */
export function changedIssueIds(from: string, to: string): Query<Set<string>> {
  const found = LINE_TABLES.map(([name, column]) => changedKeys({ name, key: [column] }, from, to));
  return combine(found, (...keys) => new Set(keys.flat().map(idIn)));
}

function idIn(key: string): string {
  const parts: unknown = JSON.parse(key);
  return Array.isArray(parts) ? String(parts[0]) : "";
}

/** The ids of all issues of a commit. */
export function issueIdsAt(commit: string): Query<string[]> {
  return rows(sql`SELECT id FROM issues AS OF ${commit}`, (row) => text(row, "id"));
}

/** The newest commit, and whether its history has another one. */
export function historyHas(commit: string): Query<{ readonly head: string; readonly has: boolean }> {
  return combine(
    [
      rows(sql`SELECT DOLT_HASHOF('HEAD') AS head`, (row) => text(row, "head")),
      firstRow(sql`SELECT commit_hash FROM dolt_log WHERE commit_hash = ${commit} LIMIT 1`, () => true),
    ],
    ([head = ""], known) => ({ head, has: known ?? false }),
  );
}
