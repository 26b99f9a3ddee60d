import { type Difference, untitledIssues } from "../../core/changes/difference.ts";
import { PART_TABLES, STATE_KEYS } from "../../core/changes/state-tables.ts";
import { rowKey, textOf } from "../../core/merge/snapshot.ts";
import type { Reader } from "../session-types.ts";
import { partsAt, titlesAt } from "./issues-at.ts";
import { type DifferingIds, sameIssuesBetween } from "./same-issues.ts";
import { stateRows } from "./state-rows.ts";
import { type CommitPair, type TableDifference, tablesAt } from "./table-changes.ts";

/** Reads how the state differs between two commits, of which `tables` says how their tables do. */
export async function differenceBetween(
  reader: Reader,
  ends: CommitPair,
  tables: readonly TableDifference[],
): Promise<Difference> {
  const rows = await stateRows(reader, ends, tables);
  const isInBoth = ["issues", "events"].every((name) => tables.every((one) => isSteady(one, name)));
  const { moved, replaced } = isInBoth ? await changedHands(reader, ends, rows) : NOBODY;
  const whole = replaced.size === 0 ? rows : await withStanding(reader, ends.to, { rows, replaced });
  const [titles] = await reader.all([titlesAt(ends.to, untitledIssues(rows))]);
  return { rows: whole, moved, replaced, titles };
}

const NOBODY: Pick<Difference, "moved" | "replaced"> = { moved: new Map(), replaced: new Set() };

/** Whether the table neither came nor went. */
function isSteady({ before, after }: TableDifference, table: string): boolean {
  return (before === table) === (after === table);
}

/** Adds the rows that are the same in both commits, but hang on another issue now. */
async function withStanding(
  reader: Reader,
  commit: string,
  { rows, replaced }: Pick<Difference, "rows" | "replaced">,
): Promise<Difference["rows"]> {
  const [existing] = await reader.all([tablesAt(commit)]);
  const tables = PART_TABLES.filter((table) => existing.has(table));
  const parts = await reader.all(tables.map((table) => partsAt(commit, table, replaced)));
  const whole = new Map(rows);
  for (const [index, table] of tables.entries()) {
    const unchanged = parts[index]?.map(
      (row) => [rowKey(row, STATE_KEYS[table]), { before: row, after: row }] as const,
    );
    whole.set(table, new Map([...(unchanged ?? []), ...(rows.get(table) ?? [])]));
  }
  return whole;
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
