import type { Row } from "../../../../src/core/merge/cell.ts";
import { ownerColumns } from "../../../../src/core/merge/issue-references.ts";
import { sameRow, textOf } from "../../../../src/core/merge/snapshot.ts";
import type { Merge } from "./memory-clone.ts";
import { type Draft, removeRows } from "./tables.ts";

/** As a program merges that takes rows under one key for one, goes on from one base of several, and prefers its own. */
export const foreignMerge: Merge = async (commits, tips, [base]) => {
  const [before, ours, theirs] = [base, tips.ours, tips.theirs].map((tip) =>
    tip === undefined ? new Map<string, Map<string, Row>>() : commits.get(tip).snapshot,
  );
  const merged: Draft = new Map();
  for (const table of new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])) {
    const [a, b, c] = [before?.get(table), ours?.get(table), theirs?.get(table)];
    const rows = new Map<string, Row>();
    merged.set(table, rows);
    for (const key of new Set([...(b?.keys() ?? []), ...(c?.keys() ?? [])])) {
      const row = sameRow(a?.get(key), b?.get(key)) ? c?.get(key) : (b?.get(key) ?? undefined);
      if (row !== undefined) rows.set(key, row);
    }
  }
  dropOrphans(merged);
  return merged;
};

/** As foreign keys do. */
export function dropOrphans(draft: Draft): void {
  const ids = new Set([...(draft.get("issues")?.values() ?? [])].map((row) => textOf(row, "id")));
  for (const table of draft.keys()) {
    if (table === "issues") continue;
    removeRows(draft, table, (row) => ownerColumns(table).some((column) => !ids.has(textOf(row, column))));
  }
}
