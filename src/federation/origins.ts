import { isSameBirth, secondsAround } from "../core/merge/same-issue.ts";
import { birthIn, type Creation, type StrayCreation } from "../core/verify/creations.ts";
import type { PastIssue } from "../core/verify/finding.ts";
import { combine, type Query, type Row, rows, text } from "../store/query.ts";
import type { Reader } from "../store/session-types.ts";
import { list, sql } from "../store/sql.ts";

interface DatedIssue extends PastIssue {
  readonly date: string;
}

/**
 * For events of creations the issues that they were written for, as far as the history knows: the last state in which
 * an issue was of that creator and second, and had the event.
 */
export async function originsOf(
  reader: Reader,
  strays: readonly StrayCreation[],
): Promise<(event: Creation) => PastIssue | undefined> {
  if (strays.length === 0) return () => undefined;
  const events = strays.map(({ event }) => event);
  const [past] = await reader.all([pastIssues(new Set(events.flatMap(({ at }) => secondsAround(at))))]);
  const candidates = past.filter((one) => events.some((event) => isSameBirth(birthIn(event), one)));
  const commits = [...new Set(candidates.map(({ commit }) => commit))];
  const ids = events.map(({ id }) => id);
  const owners = await reader.all(commits.map((commit) => ownersAt(commit, ids)));
  const ownerAt = new Map(commits.map((commit, index) => [commit, owners[index]]));
  const newestFirst = candidates.toSorted((a, b) => (a.date > b.date ? -1 : 1));
  return (event) =>
    newestFirst.find((one) => isSameBirth(birthIn(event), one) && ownerAt.get(one.commit)?.get(event.id) === one.id);
}

/** Above that many the server sends all changes: naming the times would cost more. */
const MAX_NAMED = 500;

/** The last states of issues of these ids that were deleted, the newest first. */
export async function deletedIssues(reader: Reader, ids: ReadonlySet<string>): Promise<PastIssue[]> {
  if (ids.size === 0) return [];
  const condition = ids.size > MAX_NAMED ? sql`TRUE` : sql`from_id IN ${list([...ids])}`;
  const removed = rows(
    sql`SELECT from_id, from_title, from_created_by, from_created_at, from_commit, from_commit_date
      FROM dolt_diff_issues WHERE diff_type = 'removed' AND to_commit <> 'WORKING' AND ${condition}`,
    (row) => stateIn(row, "from_"),
  );
  const [found] = await reader.all([removed]);
  return found.toSorted((a, b) => (a.date > b.date ? -1 : 1));
}

/** The states of issues of these seconds before and after every change, as Dolt's table of differences has them. */
function pastIssues(seconds: ReadonlySet<string>): Query<DatedIssue[]> {
  const named = list([...seconds]);
  const condition =
    seconds.size > MAX_NAMED ? sql`TRUE` : sql`(from_created_at IN ${named} OR to_created_at IN ${named})`;
  const found = rows(
    sql`SELECT from_id, from_title, from_created_by, from_created_at, from_commit, from_commit_date,
      to_id, to_title, to_created_by, to_created_at, to_commit, to_commit_date
      FROM dolt_diff_issues WHERE to_commit <> 'WORKING' AND ${condition}`,
    (row) => [stateIn(row, "from_"), stateIn(row, "to_")],
  );
  return combine([found], (pairs) => pairs.flat().filter(({ id }) => id !== ""));
}

function stateIn(row: Row, side: "from_" | "to_"): DatedIssue {
  const of = (column: string) => text(row, `${side}${column}`);
  return {
    id: of("id"),
    title: of("title"),
    createdBy: of("created_by"),
    createdAt: of("created_at").slice(0, 19),
    commit: of("commit"),
    date: of("commit_date"),
  };
}

function ownersAt(commit: string, events: readonly string[]): Query<ReadonlyMap<string, string>> {
  const condition = events.length > MAX_NAMED ? sql`event_type = 'created'` : sql`id IN ${list(events)}`;
  const found = rows(
    sql`SELECT id, issue_id FROM events AS OF ${commit} WHERE ${condition}`,
    (row) => [text(row, "id"), text(row, "issue_id")] as const,
  );
  return combine([found], (pairs) => new Map(pairs));
}
