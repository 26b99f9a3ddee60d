import type { Row as CellRow, Side } from "../../core/merge/cell.ts";
import { bestCommonAncestors } from "../../core/merge/commit-graph.ts";
import { type Alignment, alignSnapshots } from "../../core/merge/merge-snapshots.ts";
import {
  type BeatenIssue,
  type Conflict,
  contestedRows,
  type MergedVersions,
  type MovedIssue,
  mergeVersions,
} from "../../core/merge/merge-versions.ts";
import { type Snapshot, sameRow, type TableKeys } from "../../core/merge/snapshot.ts";
import { changedTables, issuesAt, primaryKeys } from "../../store/changes/table-changes.ts";
import type { MergeEnds } from "../../store/merge.ts";
import type { Reader } from "../../store/session-types.ts";
import { contestDates } from "./cell-dates.ts";
import { whoDeleted } from "./commit-changes.ts";
import { commonBase } from "./common-base.ts";
import { commitGraph, DoltHistory } from "./dolt-history.ts";
import { firstUniverse } from "./merge-universe.ts";
import { settleWhole } from "./whole-tables.ts";

/** The rows that a merge must leave in one table, and those that must be gone. */
export interface TableWrites {
  readonly table: string;
  readonly key: readonly string[];
  readonly put: readonly CellRow[];
  readonly remove: readonly CellRow[];
}

/** A deletion that stands against what the other side did, and who made it. */
export interface Beaten extends BeatenIssue {
  readonly by: string | undefined;
  /** A commit that has the issue whole, as the other side left it. */
  readonly commit: string;
}

/** All that Dolt can't decide, or would decide otherwise than the rules. */
export interface MergePlan {
  readonly writes: readonly TableWrites[];
  readonly conflicts: readonly Conflict[];
  readonly moved: readonly MovedIssue[];
  readonly beaten: readonly Beaten[];
  /** Comments by `bd` that keep texts that lost. */
  readonly kept: number;
  /** By table whose rows can't be written: the side that has all rows in conflict. */
  readonly whole: ReadonlyMap<string, Side>;
}

/** Reads what both sides did since they parted and settles it by the rules of `core/merge`. It only reads. */
export async function planMerge(reader: Reader, ends: MergeEnds, prefer: Side | undefined): Promise<MergePlan> {
  const { ours, theirs } = ends;
  const [graph, keys] = await reader.all([commitGraph([ours, theirs]), primaryKeys]);
  const bases = bestCommonAncestors(graph, [ours], [theirs]);
  const universe = await firstUniverse(reader, { ours, theirs, bases }, keys);
  for (;;) {
    const history = new DoltHistory(reader, { keys, graph, universe });
    const [here, there] = [await history.snapshot(ours), await history.snapshot(theirs)];
    const base = await commonBase(history, bases);
    const alignment = alignSnapshots({ base, ours: here, theirs: there }, keys);
    if ((await history.grows()) || (await collides(reader, alignment, universe.ids, ends))) continue;
    const datesOf = await contestDates(reader, ends, { rows: contestedRows(alignment), keys });
    const merged = mergeVersions(alignment, keys, { datesOf, prefer });
    const whole = await settleUnkeyed(reader, ends, { bases, keys, prefer });
    return {
      writes: writesOf(merged.rows, { ours: here, theirs: there }, keys),
      conflicts: [...merged.conflicts, ...whole],
      moved: merged.moved,
      beaten: await namedBeaten(reader, ends, merged),
      kept: merged.kept,
      whole: new Map(whole.map(({ table, winner }) => [table, winner === "theirs" ? "theirs" : "ours"])),
    };
  }
}

/** Whether an issue would move to an id that an issue outside of the universe holds; takes that one in. */
async function collides(
  reader: Reader,
  { issues }: Alignment,
  ids: Set<string>,
  { ours, theirs }: MergeEnds,
): Promise<boolean> {
  const fresh = issues.filter(({ lives, id }) => lives && !ids.has(id)).map(({ id }) => id);
  if (fresh.length === 0) return false;
  const held = await reader.all([issuesAt(ours, fresh), issuesAt(theirs, fresh)]);
  for (const id of held.flat()) ids.add(id);
  return held.flat().length > 0;
}

async function namedBeaten(reader: Reader, ends: MergeEnds, { beaten }: MergedVersions): Promise<Beaten[]> {
  const { ours, theirs } = ends;
  const of = (side: Side) => beaten.filter((one) => one.side === side).map(({ id }) => id);
  const by = {
    ours: await whoDeleted(reader, { tip: theirs, without: ours }, of("ours")),
    theirs: await whoDeleted(reader, { tip: ours, without: theirs }, of("theirs")),
  };
  return beaten.map((one) => ({ ...one, by: by[one.side].get(one.id), commit: ends[one.side] }));
}

interface Unkeyed {
  readonly bases: readonly string[];
  readonly keys: TableKeys;
  readonly prefer: Side | undefined;
}

/** Tables whose rows nobody can name: Dolt merges them. */
async function settleUnkeyed(reader: Reader, ends: MergeEnds, { bases, keys, prefer }: Unkeyed): Promise<Conflict[]> {
  const [base = ends.base] = bases;
  const [here, there] = await reader.all([changedTables(base, ends.ours), changedTables(base, ends.theirs)]);
  const tables = here.filter((table) => there.includes(table) && !keys.has(table));
  return settleWhole(reader, ends, { tables, prefer });
}

/** Rows that both sides have as they are to be are left alone: so does Dolt. */
function writesOf(
  merged: Snapshot,
  sides: { readonly ours: Snapshot; readonly theirs: Snapshot },
  keys: TableKeys,
): TableWrites[] {
  const tables = new Set([...merged.keys(), ...sides.ours.keys(), ...sides.theirs.keys()]);
  return [...tables].map((table) => {
    const [rows, here, there] = [merged.get(table), sides.ours.get(table), sides.theirs.get(table)];
    const put = [...(rows ?? [])]
      .filter(([key, row]) => !sameRow(row, here?.get(key)) || !sameRow(row, there?.get(key)))
      .map(([, row]) => row);
    const known = new Map([...(here ?? []), ...(there ?? [])]);
    const remove = [...known].filter(([key]) => rows?.has(key) !== true).map(([, row]) => row);
    return { table, key: keys.get(table) ?? [], put, remove };
  });
}
