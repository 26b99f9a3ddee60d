import type { MovedIssue } from "../../core/merge/merge-versions.ts";
import { keyText } from "../../core/merge/snapshot.ts";

/** Both, each issue's move once; what a merge itself found comes first. */
export function joinMoved(found: readonly MovedIssue[], others: readonly MovedIssue[]): MovedIssue[] {
  const known = new Set(found.map(({ id, newId }) => keyText([id, newId])));
  return [...found, ...others.filter(({ id, newId }) => !known.has(keyText([id, newId])))];
}

/** By the id that we knew, the one that it is now. */
export function movesOfOurs(moved: readonly MovedIssue[]): Map<string, string> {
  return new Map(moved.filter(({ side }) => side !== "theirs").map(({ id, newId }) => [id, newId]));
}
