import { combine, type Query, query, rows, text } from "../query.ts";
import type { Reader } from "../session-types.ts";
import { sql } from "../sql.ts";
import type { Range } from "./changes-between.ts";
import { parentsIn } from "./history-commits.ts";

/** How a tracker came from one commit to another. */
export interface Way {
  /** The commit that it leads to. */
  readonly to: string;
  /** The oldest first; undefined where the history of `to` does not hold the commit that it should begin at. */
  readonly steps: readonly Range[] | undefined;
}

interface LoggedCommit {
  readonly hash: string;
  readonly parents: readonly string[];
}

/**
 * The way from a commit (or the beginning) to another (HEAD): along the first-parent line, on which every commit is one
 * change of this tracker. Where that line does not lead past `from`, because somebody merged our commits into theirs and we
 * took that over, all is one step, which others made. Two round trips at most. Throws the server's error where `to` names
 * nothing.
 */
export async function wayTo(
  reader: Reader,
  { from, to = "HEAD" }: { readonly from: string | undefined; readonly to?: string | undefined },
): Promise<Way> {
  const resolved = query(sql`SELECT DOLT_HASHOF(${to}) AS hash`, ({ rows: [row = {}] }) => text(row, "hash"));
  if (from === undefined) {
    const [hash, commits] = await reader.all([resolved, commitsBetween(undefined, to)]);
    return { to: hash, steps: stepsAlong(lineFrom(hash, commits)) };
  }
  const known = query(
    sql`SELECT 1 FROM dolt_commits WHERE commit_hash = ${from} LIMIT 1`,
    (result) => result.rows.length > 0,
  );
  const [hash, isKnown] = await reader.all([resolved, known]);
  if (hash === from) return { to: hash, steps: [] };
  if (!isKnown) return { to: hash, steps: undefined };
  const [commits] = await reader.all([commitsBetween(from, hash)]);
  // Whatever leads from it to the newest begins at one of its children.
  const isAncestor = [...commits.values()].some(({ parents }) => parents.includes(from));
  if (!isAncestor) return { to: hash, steps: undefined };
  const line = lineFrom(hash, commits);
  if (line[0] !== from) return { to: hash, steps: [{ from, to: hash, via: "pull" }] };
  return { to: hash, steps: stepsAlong(line) };
}

/** The commits that lead to `to` and not to `from`, by their hashes. */
function commitsBetween(from: string | undefined, to: string): Query<ReadonlyMap<string, LoggedCommit>> {
  const range = from === undefined ? to : `${from}..${to}`;
  const found = rows(sql`SELECT commit_hash, parents FROM DOLT_LOG(${range}, '--parents')`, (row) => ({
    hash: text(row, "commit_hash"),
    parents: parentsIn(row),
  }));
  return combine([found], (commits) => new Map(commits.map((commit) => [commit.hash, commit])));
}

/** The first-parent line that ends at a commit, the oldest first, and what it begins behind. */
function lineFrom(newest: string, commits: ReadonlyMap<string, LoggedCommit>): string[] {
  const line = [newest];
  for (let at = commits.get(newest)?.parents[0]; at !== undefined; at = commits.get(at)?.parents[0]) line.push(at);
  return line.toReversed();
}

function stepsAlong(line: readonly string[]): Range[] {
  return line.slice(1).map((to, index) => ({ from: line[index] ?? "", to }));
}
