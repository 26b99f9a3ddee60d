import type { RowChange } from "../../core/changes/row-change.ts";
import { isSyncMessage } from "../../core/jsonl-sync/sync-message.ts";
import type { Sides } from "../../core/merge/cell.ts";
import { changedCells } from "../../core/merge/merge-row.ts";
import type { AlignedRow } from "../../core/merge/merge-snapshots.ts";
import type { RowDates } from "../../core/merge/merge-versions.ts";
import { isSameBirth, VERSIONS } from "../../core/merge/same-issue.ts";
import { keyText, type TableKeys, textOf } from "../../core/merge/snapshot.ts";
import type { MergeEnds } from "../../store/merge.ts";
import type { Reader } from "../../store/session-types.ts";
import { type Branch, commitChanges } from "./commit-changes.ts";

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
  for (const { fromParents, ...commit } of await commitChanges(reader, branch, wanted)) {
    for (const [name, change] of fromParents[0] ?? []) {
      const owner = (byKey.get(name) ?? []).find((row) => isVersionOf(row, change));
      const cells = cellsChanged(table, name, fromParents);
      if (owner !== undefined)
        found.set(owner, laterDates(found.get(owner), dateOf(commit, change), { ...change, cells }));
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

/** A merge changed only what differs from all its parents: the rest came with them. So did a row that one lacks. */
function cellsChanged(
  table: string,
  name: string,
  fromParents: readonly ReadonlyMap<string, RowChange>[],
): ReadonlySet<string> {
  const changed = fromParents.map((changes): string[] => {
    const { before, after } = changes.get(name) ?? {};
    if (after === undefined || (before === undefined && fromParents.length > 1)) return [];
    return changedCells(table, before, after);
  });
  return new Set(changed[0]?.filter((cell) => changed.every((cells) => cells.includes(cell))));
}

/** What came by a file of issues was changed when its line was, and is not newer than the issue is now. */
function dateOf({ date, message }: { readonly date: string; readonly message: string }, { after }: RowChange): string {
  const changed = isSyncMessage(message) ? textOf(after, "updated_at") : "";
  return changed !== "" && changed < date ? changed : date;
}

function laterDates(
  known: RowDates | undefined,
  date: string,
  { before, after, cells }: RowChange & { readonly cells: ReadonlySet<string> },
): RowDates {
  const dates: Record<string, string | undefined> = { ...known?.dates };
  for (const cell of cells) dates[cell] = later(dates[cell], date);
  const isReopened = cells.has("status") && before?.["status"] === "closed" && after?.["status"] !== "closed";
  return { dates, reopened: isReopened ? later(known?.reopened, date) : known?.reopened };
}

function later(a: string | undefined, b: string): string {
  return a !== undefined && a > b ? a : b;
}
