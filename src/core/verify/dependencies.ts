import { command } from "../../errors.ts";
import { isSameBirth } from "../merge/same-issue.ts";
import type { Finding, PastIssue } from "./finding.ts";

/** A dependency that is older than the issue that it points to. Times are as a DATETIME column gives them. */
export interface EarlyDependency {
  readonly from: string;
  readonly since: string;
  readonly target: Omit<PastIssue, "commit">;
}

/** Issues that are children of several: who merges takes the parent that each side gave. */
export function severalParents(rows: readonly { readonly child: string; readonly parent: string }[]): Finding[] {
  const byChild = Map.groupBy(rows, ({ child }) => child);
  return [...byChild].map(([child, found]) => {
    const parents = found.map(({ parent }) => parent);
    const removal = command`bd dep remove ${child} ${parents.at(-1) ?? ""}`;
    return {
      kind: "parents",
      items: [child, ...parents],
      message: `${child} has ${parents.length} parents: ${parents.join(", ")}; take away what is wrong: ${removal}`,
      known: [],
      // Which parent is the right one, only people know.
      next: command`bd dep list ${child}`,
    };
  });
}

/**
 * Dependencies that were meant for an issue which is deleted, and now seem to be on another one that was made under its
 * id. That they are older than that one proves nothing: imports bring such. `deleted` is what the history knows.
 */
export function leftOver(early: readonly EarlyDependency[], deleted: readonly PastIssue[]): Finding[] {
  return early.flatMap(({ from, since, target }): Finding[] => {
    const meant = deleted.find(
      (past) => past.id === target.id && past.createdAt <= since && !isSameBirth(past, target),
    );
    if (meant === undefined) return [];
    return [
      {
        kind: "leftover",
        items: [from, target.id],
        message: `${from} depends on ${target.id} "${target.title}" since ${since}, before that was made: "${meant.title}" was meant, which is deleted`,
        known: [meant],
        next: command`bd dep remove ${from} ${target.id}`,
      },
    ];
  });
}
