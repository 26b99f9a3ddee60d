import type { Side, Sides } from "../core/merge/cell.ts";
import type { MergeEnds } from "../store/merge.ts";
import { rows, text } from "../store/query.ts";
import { sql } from "../store/sql.ts";
import type { Reader } from "../store/store.ts";
import { CrossedRows, sameRow } from "./crossed-rows.ts";
import { mayBeCrossed, type Parting, partingOf } from "./merge-bases.ts";
import { type MergePlan, PlanBuilder } from "./merge-plan.ts";
import { contestedRows, datedVersions, type VersionsByKey } from "./row-versions.ts";
import {
  CHILD_TABLES,
  changedTables,
  type KeyedTable,
  primaryKeys,
  removedIssues,
  touchedIssues,
} from "./table-changes.ts";
import { settleWhole } from "./whole-tables.ts";

/** The rows that the rules have to look at, and what became of issues that one side deleted. */
interface Contest {
  readonly tables: readonly (readonly [KeyedTable, VersionsByKey])[];
  readonly removed: readonly string[];
  readonly restored: Sides<readonly string[]>;
  /** Whether Dolt, too, starts from the rows from which both sides went on. */
  readonly isDolts: boolean;
}

/** Reads what both sides changed since they parted and settles it by the rules of `core/merge`. It only reads. */
export async function planMerge(reader: Reader, ends: MergeEnds, prefer: Side | undefined): Promise<MergePlan> {
  const { base, ours, theirs } = ends;
  const [ourTables, theirTables, keys, isCrossed] = await reader.all([
    changedTables(base, ours),
    changedTables(base, theirs),
    primaryKeys,
    mayBeCrossed(ends),
  ]);
  const shared = ourTables.filter((table) => theirTables.includes(table));
  const parting = isCrossed ? await partingOf(reader, ends) : undefined;
  const contest =
    parting?.meets === undefined
      ? await contestSinceBase(reader, ends, keyedTables(shared, keys))
      : await contestSinceCrossing(reader, { ...ends, ...parting }, keys);
  const { removed, restored } = contest;
  const plan = new PlanBuilder(removed);
  for (const [table, versions] of contest.tables) {
    for (const one of await datedVersions(reader, ends, { table, versions })) plan.settle(table, one, prefer);
  }
  const unkeyed = shared.filter((table) => !keys.has(table));
  const whole = await settleWhole(reader, ends, { tables: unkeyed, prefer });
  const built = plan.build(plan.hasClashes ? await takenIds(reader, ends) : new Set());
  const kept = new Set([...restored.ours, ...restored.theirs]);
  return {
    ...built,
    restored,
    deleted: contest.isDolts ? [] : removed.filter((id) => !kept.has(id)),
    conflicts: [...built.conflicts, ...whole],
    whole: new Map(whole.map(({ table, winner }) => [table, winner === "theirs" ? "theirs" : "ours"])),
  };
}

/** Issues first: they say which rows of the other tables are not to be merged, but laid down anew. */
function keyedTables(names: readonly string[], keys: ReadonlyMap<string, readonly string[]>): KeyedTable[] {
  return names
    .toSorted((a, b) => Number(b === "issues") - Number(a === "issues"))
    .flatMap((name) => {
      const key = keys.get(name);
      return key === undefined ? [] : [{ name, key }];
    });
}

async function contestSinceBase(reader: Reader, ends: MergeEnds, tables: readonly KeyedTable[]): Promise<Contest> {
  const { base, ours, theirs } = ends;
  const [removedHere, removedThere] = await reader.all([removedIssues(base, ours), removedIssues(base, theirs)]);
  const byThem = removedThere.filter((id) => !removedHere.includes(id));
  const byUs = removedHere.filter((id) => !removedThere.includes(id));
  const restored = await keptIssues(reader, ends, { ours: byUs, theirs: byThem });
  const versions: [KeyedTable, VersionsByKey][] = [];
  for (const table of tables) versions.push([table, await contestedRows(reader, ends, table)]);
  return { tables: versions, removed: [...removedHere, ...removedThere], restored, isDolts: true };
}

/** Of the issues that one side deleted, those that the other changed, by the side that kept them. */
async function keptIssues(
  reader: Reader,
  { base, ours, theirs }: MergeEnds,
  removed: Sides<readonly string[]>,
): Promise<Sides<readonly string[]>> {
  if (removed.ours.length + removed.theirs.length === 0) return { ours: [], theirs: [] };
  const [touchedHere, touchedThere] = await reader.all([
    touchedIssues(base, ours, removed.theirs),
    touchedIssues(base, theirs, removed.ours),
  ]);
  return { ours: touchedHere.toSorted(), theirs: touchedThere.toSorted() };
}

/** Where there is no one base, every row that differs is looked at: Dolt started from one of several. */
async function contestSinceCrossing(
  reader: Reader,
  crossing: Parting & Sides<string>,
  keys: ReadonlyMap<string, readonly string[]>,
): Promise<Contest> {
  const [differing] = await reader.all([changedTables(crossing.ours, crossing.theirs)]);
  const tables: [KeyedTable, VersionsByKey][] = [];
  for (const table of keyedTables(differing, keys)) {
    tables.push([table, await CrossedRows.read(reader, crossing, table)]);
  }
  const issues = tables.find(([{ name }]) => name === "issues")?.[1] ?? new Map();
  const removedBy = (side: Side, other: Side) =>
    [...issues.values()].flatMap(({ base, ...sides }) =>
      base !== undefined && sides[side] === undefined && sides[other] !== undefined ? [String(base["id"])] : [],
    );
  const [byUs, byThem] = [removedBy("ours", "theirs"), removedBy("theirs", "ours")];
  const [here, there] = [touchedBy("ours", tables), touchedBy("theirs", tables)];
  const restored = {
    ours: byThem.filter((id) => here.has(id)).toSorted(),
    theirs: byUs.filter((id) => there.has(id)).toSorted(),
  };
  return { tables, removed: [...byUs, ...byThem], restored, isDolts: false };
}

/** As `touchedIssues`. */
function touchedBy(side: Side, tables: Contest["tables"]): Set<string> {
  const own = new Set<string>(["issues", ...CHILD_TABLES]);
  const changed = tables
    .filter(([{ name }]) => own.has(name))
    .flatMap(([{ name }, versions]) =>
      [...versions.values()].flatMap(({ base, [side]: row }) => {
        if (row === undefined || sameRow(row, base)) return [];
        return name === "issues" ? [row["id"]] : [row["issue_id"], row["depends_on_id"]];
      }),
    );
  return new Set(changed.map(String));
}

async function takenIds(reader: Reader, { ours, theirs }: MergeEnds): Promise<Set<string>> {
  const ids = (commit: string) => rows(sql`SELECT id FROM issues AS OF ${commit}`, (row) => text(row, "id"));
  const found = await reader.all([ids(ours), ids(theirs)]);
  return new Set(found.flat());
}
