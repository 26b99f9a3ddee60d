import type { Row } from "../../../../src/core/merge/cell.ts";
import { mergeRow } from "../../../../src/core/merge/merge-row.ts";
import { keyText, type Rows, textOf } from "../../../../src/core/merge/snapshot.ts";
import { applyChange } from "./change.ts";
import { dropOrphans } from "./foreign-merge.ts";
import type { Merge } from "./memory-clone.ts";
import { type Draft, draftOf, rowsOf } from "./tables.ts";

/**
 * What the program once did: an issue is its id. Only where the base has no row under it, creator, time and title tell
 * two apart, and the later one gets the next number. A change stands against a deletion; of several bases one is taken.
 */
export const mergeByRowId: Merge = async (commits, tips, [base]) => {
  const before: Draft = base === undefined ? new Map() : draftOf(commits.get(base).snapshot);
  const [ours, theirs] = [draftOf(commits.get(tips.ours).snapshot), draftOf(commits.get(tips.theirs).snapshot)];
  for (const [key, mine] of draftOf(commits.get(tips.ours).snapshot).get("issues") ?? []) {
    const other = theirs.get("issues")?.get(key);
    if (other === undefined || before.get("issues")?.has(key) === true || nameOf(mine) === nameOf(other)) continue;
    const [id, later] = [textOf(mine, "id"), nameOf(mine) > nameOf(other) ? ours : theirs];
    applyChange(later, { kind: "rename", id, newId: nextId(id, [ours, theirs]), now: "" });
  }
  const merged: Draft = new Map();
  for (const table of new Set([...ours.keys(), ...theirs.keys()])) {
    merged.set(table, mergedTable(table, [before, ours, theirs]));
  }
  dropOrphans(merged);
  return merged;
};

function mergedTable(table: string, versions: readonly Draft[]): Map<string, Row> {
  const none: Rows = new Map();
  const [base = none, ours = none, theirs = none] = versions.map((version) => version.get(table) ?? none);
  const merged = new Map<string, Row>();
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const row = mergedRow(table, base.get(key), [ours.get(key), theirs.get(key)]);
    if (row !== undefined) merged.set(key, row);
  }
  return merged;
}

function mergedRow(
  table: string,
  base: Row | undefined,
  [ours, theirs]: readonly (Row | undefined)[],
): Row | undefined {
  if (ours !== undefined && theirs !== undefined) return mergeRow(table, { base, ours, theirs }).row;
  const left = ours ?? theirs;
  const isUnchanged = base !== undefined && JSON.stringify(left) === JSON.stringify(base);
  return isUnchanged || (base !== undefined && table !== "issues") ? undefined : left;
}

function nameOf(row: Row): string {
  return keyText([row["created_at"], row["created_by"], row["title"]]);
}

/** The next child of the same parent, or the next of the id itself. */
function nextId(id: string, drafts: readonly Draft[]): string {
  const before = /^.*\.(?=\d+$)/.exec(id)?.[0] ?? `${id}.`;
  const ids = drafts.flatMap((draft) => rowsOf(draft, "issues").map((row) => textOf(row, "id")));
  const numbers = ids.filter((one) => one.startsWith(before)).map((one) => Number(one.slice(before.length)) || 0);
  return `${before}${numbers.toSorted((a, b) => a - b).at(-1) ?? 0}`.replace(/\d+$/, (last) =>
    String(Number(last) + 1),
  );
}
