import type { Row as CellRow } from "../../core/merge/cell.ts";
import type { MovedIssue } from "../../core/merge/merge-versions.ts";
import { wantedIdIn } from "../../core/merge/moved-id.ts";
import { appearancesIn, sameIssues } from "../../core/merge/same-issue.ts";
import { keyText, type Rows } from "../../core/merge/snapshot.ts";
import { combine, number, type Query, rows, text } from "../../store/query.ts";
import { list, type Sql, sql } from "../../store/sql.ts";
import type { Reader } from "../../store/store.ts";

/**
 * The issues of one commit that have another id in a later one (or in `WORKING`), found by what they are: who merged
 * may have been somebody else, who had no reason to tell us. The earlier commit is "ours".
 */
export async function movedIssues(reader: Reader, from: string, to: string): Promise<MovedIssue[]> {
  const [differing] = await reader.all([differingIds(from, to)]);
  const { left, taken } = candidates(differing);
  if (left.size === 0 || taken.size === 0) return [];
  const [here, createdHere, there, createdThere] = await reader.all([
    issuesAt(from, left),
    creationsAt(from, left),
    issuesAt(to, new Set([...left, ...taken])),
    creationsAt(to, new Set([...left, ...taken])),
  ]);
  const same = sameIssues([
    ...appearancesIn("ours", snapshotOf(here, createdHere)),
    ...appearancesIn("theirs", snapshotOf(there, createdThere)),
  ]);
  return same.flatMap(({ ours, theirs }): MovedIssue[] => {
    if (ours === undefined || theirs === undefined || ours.id === theirs.id) return [];
    const holder = there.get(keyText([ours.id]))?.["title"];
    const { title } = theirs;
    return [
      { id: ours.id, newId: theirs.id, side: "ours", title, holder: holder === undefined ? holder : String(holder) },
    ];
  });
}

/** Both, each issue's move once; what a merge itself found comes first. */
export function joinMoved(found: readonly MovedIssue[], others: readonly MovedIssue[]): MovedIssue[] {
  const known = new Set(found.map(({ id, newId }) => keyText([id, newId])));
  return [...found, ...others.filter(({ id, newId }) => !known.has(keyText([id, newId])))];
}

/** By the id that we knew, the one that it is now. */
export function movesOfOurs(moved: readonly MovedIssue[]): Map<string, string> {
  return new Map(moved.filter(({ side }) => side !== "theirs").map(({ id, newId }) => [id, newId]));
}

interface DifferingIds {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Ids whose row tells of another creator or time of creation. */
  readonly reborn: readonly string[];
}

function differingIds(from: string, to: string): Query<DifferingIds> {
  const found = rows(
    sql`SELECT COALESCE(to_id, from_id) AS id, diff_type,
      NOT (from_created_by <=> to_created_by AND from_created_at <=> to_created_at) AS reborn
      FROM DOLT_DIFF(${from}, ${to}, 'issues')`,
    (row) => ({ id: text(row, "id"), type: text(row, "diff_type"), isReborn: number(row, "reborn") === 1 }),
  );
  return combine([found], (all) => ({
    added: all.filter(({ type }) => type === "added").map(({ id }) => id),
    removed: all.filter(({ type }) => type === "removed").map(({ id }) => id),
    reborn: all.filter(({ type, isReborn }) => type === "modified" && isReborn).map(({ id }) => id),
  }));
}

/** Ids that an issue may have left, and those that it may have now. */
function candidates({ added, removed, reborn }: DifferingIds): { left: Set<string>; taken: Set<string> } {
  // Two that one person made in one second look alike but for the event of their creation.
  const wanted = added.map(wantedIdIn).filter((id, index) => id !== added[index]);
  return { left: new Set([...removed, ...reborn, ...wanted]), taken: new Set([...added, ...reborn]) };
}

/** Above that many the server sends all rows: naming them would cost more. */
const MAX_NAMED = 500;

function named(column: Sql, ids: ReadonlySet<string>): Sql {
  return ids.size > MAX_NAMED ? sql`TRUE` : sql`${column} IN ${list([...ids])}`;
}

function issuesAt(commit: string, ids: ReadonlySet<string>): Query<Rows> {
  const found = rows(
    sql`SELECT id, title, created_by, created_at, updated_at FROM issues AS OF ${commit} WHERE ${named(sql`id`, ids)}`,
    (row) => row,
  );
  return combine([found], (all) => keyed(all.filter((row) => ids.has(text(row, "id")))));
}

function creationsAt(commit: string, ids: ReadonlySet<string>): Query<Rows> {
  const found = rows(
    sql`SELECT id, issue_id, event_type, created_at FROM events AS OF ${commit}
      WHERE event_type = 'created' AND (${named(sql`issue_id`, ids)})`,
    (row) => row,
  );
  return combine([found], (all) => keyed(all.filter((row) => ids.has(text(row, "issue_id")))));
}

function keyed(all: readonly CellRow[]): Rows {
  return new Map(all.map((row) => [keyText([row["id"]]), row]));
}

function snapshotOf(issues: Rows, events: Rows): Map<string, Rows> {
  return new Map([
    ["issues", issues],
    ["events", events],
  ]);
}
