import type { MovedIssue } from "../../core/merge/merge-versions.ts";
import { keyText } from "../../core/merge/snapshot.ts";
import { type DifferingIds, sameIssuesBetween } from "../../store/changes/same-issues.ts";
import { combine, number, type Query, rows, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { sql } from "../../store/sql.ts";

/** The issues of one commit, ours, that have another id in a later one (or in `WORKING`), found by what they are. */
export async function movedIssues(reader: Reader, from: string, to: string): Promise<MovedIssue[]> {
  const [differing] = await reader.all([differingIds(from, to)]);
  const same = await sameIssuesBetween(reader, { from, to }, differing);
  const titles = new Map(same.flatMap(({ theirs }) => (theirs === undefined ? [] : [[theirs.id, theirs.title]])));
  return same.flatMap(({ base, theirs }): MovedIssue[] => {
    if (base === undefined || theirs === undefined || base.id === theirs.id) return [];
    return [{ id: base.id, newId: theirs.id, side: "ours", title: theirs.title, holder: titles.get(base.id) }];
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
