import type { Row as CellRow, Side, Sides } from "../core/merge/cell.ts";
import { isEdited, uncontested } from "../core/merge/merge-cell.ts";
import { ruleOf } from "../core/merge/merge-rules.ts";
import type { MergeEnds } from "../store/merge.ts";
import type { Reader } from "../store/store.ts";
import { cellDates, type RowDates } from "./cell-dates.ts";
import { changedKeys, type KeyedTable, rowChanges } from "./table-changes.ts";

/** The versions of one row; undefined where it does not exist. */
export interface Versions extends Sides<CellRow | undefined> {
  /** What both sides started from. */
  readonly base: CellRow | undefined;
}

export interface DatedVersions extends Versions {
  /** When each side changed the cells, where that decides. */
  readonly dated: Sides<RowDates | undefined>;
}

/** Rows of a table by their key, as `keyText` writes it. */
export type VersionsByKey = ReadonlyMap<string, Versions>;

/** The rows that both sides changed since the base. */
export async function contestedRows(reader: Reader, ends: MergeEnds, table: KeyedTable): Promise<VersionsByKey> {
  const { base, ours, theirs } = ends;
  const [ourKeys, theirKeys] = await reader.all([changedKeys(table, base, ours), changedKeys(table, base, theirs)]);
  const theirSet = new Set(theirKeys);
  const keys = new Set(ourKeys.filter((key) => theirSet.has(key)));
  if (keys.size === 0) return new Map();
  const [here, there] = await reader.all([
    rowChanges(table, { from: base, to: ours, keys }),
    rowChanges(table, { from: base, to: theirs, keys }),
  ]);
  return new Map(
    [...keys].map((key) => {
      const [mine, other] = [here.get(key), there.get(key)];
      return [key, { base: mine?.before, ours: mine?.after, theirs: other?.after }];
    }),
  );
}

/** Adds the dates of the cells where these decide. */
export async function datedVersions(
  reader: Reader,
  { ours, theirs }: MergeEnds,
  { table, versions }: { readonly table: KeyedTable; readonly versions: VersionsByKey },
): Promise<DatedVersions[]> {
  const keys = new Set([...versions].filter(([, one]) => needsDates(table.name, one)).map(([key]) => key));
  const datesOf = (tip: string, without: string) =>
    keys.size === 0 ? new Map<string, RowDates>() : cellDates(reader, { tip, without }, { table, keys });
  const dates = { ours: await datesOf(ours, theirs), theirs: await datesOf(theirs, ours) };
  return [...versions].map(([key, one]) => ({
    ...one,
    dated: { ours: dates.ours.get(key), theirs: dates.theirs.get(key) },
  }));
}

/** Columns that decide over others: changing different ones of them is a conflict, too. */
const DECIDING = ["status", "closed_at", "compaction_level", "compacted_at"];

function needsDates(table: string, { base, ours, theirs }: Versions): boolean {
  if (ours === undefined || theirs === undefined) return false;
  const contest = { base, ours, theirs, dates: { ours: {}, theirs: {} } };
  const moves = (side: Side) => table === "issues" && DECIDING.some((column) => isEdited(contest, side, column));
  if (moves("ours") && moves("theirs")) return true;
  return Object.keys(ours).some(
    (column) => ruleOf(table, column) !== "max" && uncontested(contest, column) === undefined,
  );
}
