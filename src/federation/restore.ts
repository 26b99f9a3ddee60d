import { latestOf } from "../core/merge/commit-graph.ts";
import { idsOfRestored, type Restoration, type RestoredIssue, restoredIssue } from "../core/merge/restored-issue.ts";
import { isSameBirth } from "../core/merge/same-issue.ts";
import { type Snapshot, textOf } from "../core/merge/snapshot.ts";
import { primaryKeys } from "../store/changes/table-changes.ts";
import { takenWispIds } from "../store/queries/id-matches.ts";
import { type Query, rows, text } from "../store/query.ts";
import type { Reader } from "../store/session-types.ts";
import { join, sql } from "../store/sql.ts";
import { commitGraph, DoltHistory } from "./merge/dolt-history.ts";
import { deleteRow, insertOwnRows } from "./merge/write-rows.ts";

/** A commit in which an issue had an id. */
interface Life {
  readonly commit: string;
  readonly date: string;
  readonly createdBy: string;
  readonly createdAt: string;
}

/**
 * The commits of our history in which an issue had that id last, the newest first. There are several where histories
 * met: in one of them it had been deleted, in the other it lived on. `others` are the last ones of other issues that
 * had the id before.
 */
export async function lastLives(reader: Reader, id: string): Promise<{ last: string[]; others: string[] }> {
  const [graph, lives] = await reader.all([commitGraph(["HEAD"]), livesOf(id)]);
  const byCommit = new Map(lives.map((life) => [life.commit, life]));
  const latest = (some: readonly Life[]) =>
    latestOf(
      graph,
      some.map(({ commit }) => commit),
    ).toSorted((a, b) => compareLives(byCommit.get(b), byCommit.get(a)));
  const last = latest(lives);
  const newest = byCommit.get(last[0] ?? "");
  const others = newest === undefined ? [] : latest(lives.filter((life) => !isSameBirth(life, newest)));
  return { last, others };
}

function compareLives(a: Life | undefined, b: Life | undefined): number {
  const [one, other] = [a, b].map((life) => `${life?.date} ${life?.commit}`);
  return (one ?? "") < (other ?? "") ? -1 : 1;
}

function livesOf(id: string): Query<Life[]> {
  return rows(
    sql`SELECT commit_hash, commit_date, created_by, created_at FROM dolt_history_issues WHERE id = ${id}`,
    (row) => ({
      commit: text(row, "commit_hash"),
      date: text(row, "commit_date"),
      createdBy: text(row, "created_by"),
      createdAt: text(row, "created_at").slice(0, 19),
    }),
  );
}

/** Two commits at most whose hash begins so, of our history and of the remotes' as they were last fetched. */
export async function commitsNamed(reader: Reader, beginning: string): Promise<string[]> {
  const [tips] = await reader.all([rows(sql`SELECT hash FROM dolt_remote_branches`, (row) => text(row, "hash"))]);
  const names = join(
    ["HEAD", ...tips].map((tip) => sql`${tip}`),
    ", ",
  );
  const [found] = await reader.all([
    rows(
      sql`SELECT DISTINCT commit_hash FROM DOLT_LOG(${names}) WHERE SUBSTRING(commit_hash, 1, ${beginning.length}) = ${beginning} LIMIT 2`,
      (row) => text(row, "commit_hash"),
    ),
  ]);
  return found;
}

/** What brings an issue back as it was in a commit. It only reads. */
export async function planRestoration(reader: Reader, id: string, commit: string): Promise<Restoration> {
  const [keys] = await reader.all([primaryKeys]);
  const ids = new Set([id]);
  for (;;) {
    const history = new DoltHistory(reader, { keys, graph: new Map(), universe: { ids, keys: new Map() } });
    const [past, now] = [await history.snapshot(commit), await history.snapshot("HEAD")];
    const known = ids.size;
    for (const one of [...endsOf(past, id), ...idsOfRestored(past, id)]) ids.add(one);
    if (ids.size > known || (await history.grows())) continue;
    const [wisps] = await reader.all([takenWispIds([...ids])]);
    return restoredIssue(id, { past, now, wisps: new Set(wisps) });
  }
}

/** The issues at the other ends of its dependencies. */
function endsOf(past: Snapshot, id: string): string[] {
  const ends = [...(past.get("dependencies") ?? []).values()].map((row) => [
    textOf(row, "issue_id"),
    textOf(row, "depends_on_id"),
  ]);
  return ends.filter((pair) => pair.includes(id)).flat();
}

/**
 * Comments, events and dependencies that stand with another issue by now come back to their own. `at`, the time of the change, is as a
 * DATETIME column takes it.
 */
export function restoringWrites({ rows: byTable, astray }: RestoredIssue, at: string): Query<number>[] {
  const { issues = [], ...others } = Object.fromEntries(byTable);
  return [
    ...insertOwnRows(
      "issues",
      issues.map((row) => ({ ...row, updated_at: at })),
      "id",
    ),
    ...astray.map(({ issue_id, depends_on_id }) => deleteRow("dependencies", { issue_id, depends_on_id })),
    ...Object.entries(others).flatMap(([table, some]) => insertOwnRows(table, some, "issue_id")),
  ];
}
