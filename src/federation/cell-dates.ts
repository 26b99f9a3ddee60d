import { type CellDates, type Row as CellRow, sameCell } from "../core/merge/cell.ts";
import { rows, text } from "../store/query.ts";
import { sql } from "../store/sql.ts";
import type { Reader } from "../store/store.ts";
import { type KeyedTable, type RowChange, rowChanges } from "./table-changes.ts";

/** When one side last changed each cell of a row since the base. */
export interface RowDates {
  readonly dates: CellDates;
  /** When it last opened the closed issue again. */
  readonly reopened: string | undefined;
}

export interface Branch {
  readonly base: string;
  readonly tip: string;
}

export interface DatedRows {
  readonly table: KeyedTable;
  /** As `keyText` writes them. */
  readonly keys: ReadonlySet<string>;
}

interface Commit {
  readonly hash: string;
  readonly date: string;
  readonly parents: readonly string[];
}

/** Diffs of two commits cost two thirds of a millisecond each, on the server's side; packets of that many keep it awake. */
const DIFFS_PER_PACKET = 200;

/** Walks the commits of one side since the base. The answer has the rows that it touched there, by key. */
export async function cellDates(
  reader: Reader,
  { base, tip }: Branch,
  wanted: DatedRows,
): Promise<ReadonlyMap<string, RowDates>> {
  const log = rows(sql`SELECT commit_hash, date, parents FROM DOLT_LOG(${`${base}..${tip}`}, '--parents')`, (row) => ({
    hash: text(row, "commit_hash"),
    date: text(row, "date"),
    parents: text(row, "parents").split(", ").filter(Boolean),
  }));
  const [commits] = await reader.all([log]);
  const found = new Map<string, RowDates>();
  for (let start = 0; start < commits.length; start += DIFFS_PER_PACKET) {
    const some = commits.slice(start, start + DIFFS_PER_PACKET);
    for (const { date, changes } of await changesOf(reader, some, wanted)) {
      for (const [key, change] of changes) found.set(key, laterDates(found.get(key), date, change));
    }
  }
  return found;
}

/** What each commit changed. A merge changed only what differs from all its parents: the rest came with them. */
async function changesOf(reader: Reader, commits: readonly Commit[], { table, keys }: DatedRows) {
  const diffs = commits.flatMap(({ hash, parents }) =>
    parents.map((parent) => rowChanges(table, { from: parent, to: hash, keys })),
  );
  const answers = await reader.all(diffs);
  let next = 0;
  return commits.map(({ date, parents }) => {
    const own = answers.slice(next, next + parents.length);
    next += parents.length;
    return { date, changes: own.reduce<ReadonlyMap<string, RowChange> | undefined>(inBoth, undefined) ?? new Map() };
  });
}

/** A cell that equals one parent's counts as unchanged, so its value before is set to the one after. */
function inBoth(
  all: ReadonlyMap<string, RowChange> | undefined,
  one: ReadonlyMap<string, RowChange>,
): ReadonlyMap<string, RowChange> {
  if (all === undefined) return one;
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
