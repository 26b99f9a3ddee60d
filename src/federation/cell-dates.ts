import { type Row as CellRow, type Sides, sameCell } from "../core/merge/cell.ts";
import type { AlignedRow } from "../core/merge/merge-snapshots.ts";
import type { RowDates } from "../core/merge/merge-versions.ts";
import { isSameBirth, VERSIONS } from "../core/merge/same-issue.ts";
import { keyText, type TableKeys, textOf } from "../core/merge/snapshot.ts";
import type { MergeEnds } from "../store/merge.ts";
import type { Reader } from "../store/store.ts";
import { type Branch, commitChanges } from "./commit-changes.ts";
import type { RowChange } from "./table-changes.ts";

interface Contest {
  readonly rows: readonly AlignedRow[];
  readonly keys: TableKeys;
}

/** When each side changed the cells of the contested rows, since the two parted. */
export async function contestDates(
  reader: Reader,
  { ours, theirs }: MergeEnds,
  { rows, keys }: Contest,
): Promise<(row: AlignedRow) => Sides<RowDates | undefined>> {
  const found: Sides<Map<AlignedRow, RowDates>> = { ours: new Map(), theirs: new Map() };
  for (const [table, own] of Map.groupBy(rows, (row) => row.table)) {
    const contest = { table, key: keys.get(table) ?? [], rows: own };
    await addDates(reader, { tip: ours, without: theirs }, contest, found.ours);
    await addDates(reader, { tip: theirs, without: ours }, contest, found.theirs);
  }
  return (row) => ({ ours: found.ours.get(row), theirs: found.theirs.get(row) });
}

interface TableContest {
  readonly table: string;
  readonly key: readonly string[];
  readonly rows: readonly AlignedRow[];
}

/** Walks the commits that one side has alone. */
async function addDates(
  reader: Reader,
  branch: Branch,
  { table, key, rows }: TableContest,
  found: Map<AlignedRow, RowDates>,
): Promise<void> {
  const byKey = new Map<string, AlignedRow[]>();
  for (const row of rows) for (const one of keysOf(row)) byKey.set(one, [...(byKey.get(one) ?? []), row]);
  const wanted = { table: { name: table, key }, keys: new Set(byKey.keys()) };
  for (const { date, fromParents } of await commitChanges(reader, branch, wanted)) {
    const [first, ...others] = fromParents;
    // A merge changed only what differs from all its parents: the rest came with them.
    for (const [name, change] of others.reduce(inBoth, first ?? new Map<string, RowChange>())) {
      const owner = (byKey.get(name) ?? []).find((row) => isVersionOf(row, change));
      if (owner !== undefined) found.set(owner, laterDates(found.get(owner), date, change));
    }
  }
}

/** Where the row was on the way: a side may have moved it, and have changed it before. */
function keysOf({ table, keys, issue }: AlignedRow): Set<string> {
  const own = VERSIONS.flatMap((version) => keys[version] ?? []);
  return new Set(table === "issues" && issue !== undefined ? [...own, keyText([issue.birth.wanted])] : own);
}

/** Under the id of an issue another one may have been. */
function isVersionOf({ table, issue }: AlignedRow, { before, after }: RowChange): boolean {
  if (table !== "issues" || issue === undefined) return true;
  const row = after ?? before;
  const birth = { createdBy: textOf(row, "created_by"), createdAt: textOf(row, "created_at").slice(0, 19) };
  return isSameBirth(birth, issue.birth);
}

/** A cell that equals one parent's counts as unchanged, so its value before is set to the one after. */
function inBoth(
  all: ReadonlyMap<string, RowChange>,
  one: ReadonlyMap<string, RowChange>,
): ReadonlyMap<string, RowChange> {
  const common = new Map<string, RowChange>();
  for (const [key, { before, after }] of all) {
    const other = one.get(key);
    if (other === undefined || before === undefined || other.before === undefined || after === undefined) continue;
    const differing = Object.keys(after).filter((column) => !sameCell(other.before?.[column], after[column]));
    common.set(key, { before: { ...after, ...pick(before, differing) }, after });
  }
  return common;
}

function pick(row: CellRow, columns: readonly string[]): CellRow {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

function laterDates(known: RowDates | undefined, date: string, { before, after }: RowChange): RowDates {
  const dates: Record<string, string | undefined> = { ...known?.dates };
  for (const column of Object.keys(after ?? {})) {
    if (before !== undefined && sameCell(before[column], after?.[column])) continue;
    dates[column] = later(dates[column], date);
  }
  const isReopened = before?.["status"] === "closed" && after !== undefined && after["status"] !== "closed";
  return { dates, reopened: isReopened ? later(known?.reopened, date) : known?.reopened };
}

function later(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b;
}
