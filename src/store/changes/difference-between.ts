import { type Difference, untitledIssues } from "../../core/changes/difference.ts";
import type { RowChanges } from "../../core/changes/row-change.ts";
import { PART_TABLES, STATE_KEYS } from "../../core/changes/state-tables.ts";
import type { Row } from "../../core/merge/cell.ts";
import { rowKey, textOf } from "../../core/merge/snapshot.ts";
import type { Reader } from "../store.ts";
import { partsAt, titlesAt } from "./issues-at.ts";
import { type DifferingIds, sameIssuesBetween } from "./same-issues.ts";
import { stateRows } from "./state-rows.ts";
import type { CommitPair, TableDifference } from "./table-changes.ts";

/** Reads how the state differs between two commits, of which `tables` says how their tables do. */
export async function differenceBetween(
  reader: Reader,
  ends: CommitPair,
  tables: readonly TableDifference[],
): Promise<Difference> {
  const rows = new Map(await stateRows(reader, ends, tables));
  const { moved, replaced } = await changedHands(reader, ends, rows);
  const standing = PART_TABLES.map((table) => partsAt(ends.to, table, replaced));
  const [titles, ...parts] = await reader.all([titlesAt(ends.to, untitledIssues(rows)), ...standing]);
  PART_TABLES.forEach((table, index) =>
    rows.set(table, withStanding(rows.get(table), parts[index] ?? [], STATE_KEYS[table])),
  );
  return { rows, moved, replaced, titles };
}

/** Adds rows that are the same in both commits, but hang on another issue now. */
function withStanding(changes: RowChanges = new Map(), parts: readonly Row[], key: readonly string[]): RowChanges {
  const unchanged = parts.map((row) => [rowKey(row, key), { before: row, after: row }] as const);
  return new Map([...unchanged, ...changes]);
}

/** Which issues have another id now, and under which ids other issues stand. */
async function changedHands(
  reader: Reader,
  ends: CommitPair,
  rows: Difference["rows"],
): Promise<Pick<Difference, "moved" | "replaced">> {
  const differing = differingIds(rows);
  const same = await sameIssuesBetween(reader, ends, differing);
  const pairs = same.flatMap(({ base, theirs }) => (base && theirs ? [[base.id, theirs.id] as const] : []));
  const moved = new Map(pairs.filter(([before, after]) => before !== after));
  const staying = new Set(pairs.filter(([before, after]) => before === after).map(([id]) => id));
  const replaced = new Set([...differing.reborn.filter((id) => !staying.has(id)), ...moved.keys(), ...moved.values()]);
  return { moved, replaced };
}

function differingIds(rows: Difference["rows"]): DifferingIds {
  const ids: Record<keyof DifferingIds, string[]> = { added: [], removed: [], reborn: [] };
  for (const { before, after } of rows.get("issues")?.values() ?? []) {
    const id = textOf(after ?? before, "id");
    const differs = (column: string) => textOf(before, column) !== textOf(after, column);
    if (before === undefined) ids.added.push(id);
    else if (after === undefined) ids.removed.push(id);
    else if (differs("created_by") || differs("created_at")) ids.reborn.push(id);
  }
  return ids;
}
