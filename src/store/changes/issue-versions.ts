import { type KeptIssue, keptIn } from "../queries/import-facts.ts";
import { issueTablesAt } from "../queries/tables.ts";
import { combine, type Query, rows, text } from "../query.ts";
import type { Reader } from "../session-types.ts";
import { identifier, join, list, sql } from "../sql.ts";
import { LINE_TABLES } from "./issue-ids.ts";

/** So many commits are looked through, and so many of those that changed something are read: the newest. */
const MOST_COMMITS = 1000;
const MOST_READ = 20;

/** The commits that lead to ours and not to another one of them, the newest first. */
export function commitsAfter(commit: string): Query<string[]> {
  return rows(sql`SELECT commit_hash FROM DOLT_LOG(${`${commit}..HEAD`}) LIMIT ${MOST_COMMITS}`, (row) =>
    text(row, "commit_hash"),
  );
}

/** How issues were after each of the commits that changed them, and before all of them; by id, the newest first. */
export async function issueVersions(
  reader: Reader,
  ids: readonly string[],
  { since, commits }: { readonly since: string; readonly commits: readonly string[] },
): Promise<Map<string, KeptIssue[]>> {
  if (commits.length === 0 || ids.length === 0) return new Map();
  const [changing] = await reader.all([commitsThatChanged(ids, commits)]);
  const wanted = commits.filter((commit) => changing.has(commit)).slice(0, MOST_READ);
  if (wanted.length === 0) return new Map();
  const versions = await reader.all([...wanted, since].map((commit) => keptIn(issueTablesAt(commit), ids)));
  return Map.groupBy(versions.flat(), ({ issue }) => issue.id);
}

function commitsThatChanged(ids: readonly string[], commits: readonly string[]): Query<Set<string>> {
  const found = LINE_TABLES.map(([table, column]) => {
    const named = join(
      ["to_", "from_"].map((side) => sql`${identifier(`${side}${column}`)} IN ${list(ids)}`),
      " OR ",
    );
    return rows(
      sql`SELECT DISTINCT to_commit FROM ${identifier(`dolt_diff_${table}`)} WHERE to_commit IN ${list(commits)} AND (${named})`,
      (row) => text(row, "to_commit"),
    );
  });
  return combine(found, (...changing) => new Set(changing.flat()));
}

/** Those of the ids that issues had here which were deleted at some time. */
export function deletedOnce(ids: readonly string[]): Query<string[]> {
  if (ids.length === 0) return combine([], () => []);
  return rows(
    sql`SELECT DISTINCT from_id FROM dolt_diff_issues
      WHERE diff_type = 'removed' AND to_commit <> 'WORKING' AND from_id IN ${list(ids)}`,
    (row) => text(row, "from_id"),
  );
}
