import type { Comment } from "../core/issue.ts";
import type { Row as CellRow, Side, Sides } from "../core/merge/cell.ts";
import { idForSecond } from "../core/merge/id-for-second.ts";
import { keptComments } from "../core/merge/kept-comments.ts";
import { isEdited, type Settled, uncontested } from "../core/merge/merge-cell.ts";
import { mergeIssueRow } from "../core/merge/merge-issue-row.ts";
import { mergeKeyedRow } from "../core/merge/merge-keyed-row.ts";
import { ruleOf } from "../core/merge/merge-rules.ts";
import type { MergeEnds } from "../store/merge.ts";
import { rows, text } from "../store/query.ts";
import { sql } from "../store/sql.ts";
import type { Reader } from "../store/store.ts";
import { cellDates, type RowDates } from "./cell-dates.ts";
import {
  changedKeys,
  changedTables,
  type KeyedTable,
  primaryKeys,
  removedIssues,
  rowChanges,
  touchedIssues,
} from "./table-changes.ts";

/** A row as the merge must leave it; undefined where it must be gone. */
export interface SettledRow {
  readonly table: KeyedTable;
  /** The values of the key. */
  readonly key: CellRow;
  readonly row: CellRow | undefined;
}

/** One cell that both sides had changed differently, and what became of it. */
export interface Conflict extends Settled {
  readonly table: string;
  /** The issue, or what names the row in other tables. */
  readonly item: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Two issues were made under one id: that side's gets another. */
export interface Renamed {
  readonly id: string;
  readonly newId: string;
  readonly side: Side;
  readonly title: string;
  readonly createdAt: string;
}

/** All that Dolt can't decide, or would decide otherwise than the rules. */
export interface MergePlan {
  readonly rows: readonly SettledRow[];
  /** Issues that outlive their deletion by the other side, by the side that has them. */
  readonly restored: Sides<readonly string[]>;
  readonly renamed: readonly Renamed[];
  readonly comments: readonly Comment[];
  readonly conflicts: readonly Conflict[];
}

/** Reads what both sides changed since they parted and settles it by the rules of `core/merge`. It only reads. */
export async function planMerge(reader: Reader, ends: MergeEnds, prefer: Side | undefined): Promise<MergePlan> {
  const { base, ours, theirs } = ends;
  const [ourTables, theirTables, keys, removedHere, removedThere] = await reader.all([
    changedTables(base, ours),
    changedTables(base, theirs),
    primaryKeys,
    removedIssues(base, ours),
    removedIssues(base, theirs),
  ]);
  const restored = await keptIssues(reader, ends, { ours: removedHere, theirs: removedThere });
  const plan = new PlanBuilder(restored, new Set([...removedHere, ...removedThere]));
  const shared = ourTables.filter((table) => theirTables.includes(table));
  // Issues first: they say which rows of the other tables are not to be merged, but laid down anew.
  for (const name of shared.toSorted((a, b) => Number(b === "issues") - Number(a === "issues"))) {
    const table = { name, key: keys.get(name) ?? [] };
    for (const versions of await contestedRows(reader, ends, table)) plan.settle(table, { ...versions, prefer });
  }
  return plan.build(plan.hasClashes ? await takenIds(reader, ends) : new Set());
}

/** Of the issues that one side deleted, those that the other changed, by the side that kept them. */
async function keptIssues(
  reader: Reader,
  { base, ours, theirs }: MergeEnds,
  removed: Sides<readonly string[]>,
): Promise<Sides<readonly string[]>> {
  const byThem = removed.theirs.filter((id) => !removed.ours.includes(id));
  const byUs = removed.ours.filter((id) => !removed.theirs.includes(id));
  if (byThem.length + byUs.length === 0) return { ours: [], theirs: [] };
  const [touchedHere, touchedThere] = await reader.all([
    touchedIssues(base, ours, byThem),
    touchedIssues(base, theirs, byUs),
  ]);
  return { ours: touchedHere.toSorted(), theirs: touchedThere.toSorted() };
}

interface Versions extends Sides<CellRow | undefined> {
  readonly base: CellRow | undefined;
  readonly dated: Sides<RowDates | undefined>;
  readonly prefer?: Side | undefined;
}

/** The rows that both sides changed, and not alike, with the dates of the cells where these decide. */
async function contestedRows(reader: Reader, ends: MergeEnds, table: KeyedTable): Promise<Versions[]> {
  const { base, ours, theirs } = ends;
  const [ourKeys, theirKeys] = await reader.all([changedKeys(table, base, ours), changedKeys(table, base, theirs)]);
  const theirSet = new Set(theirKeys);
  const keys = new Set(ourKeys.filter((key) => theirSet.has(key)));
  if (keys.size === 0) return [];
  const [here, there] = await reader.all([
    rowChanges(table, { from: base, to: ours, keys }),
    rowChanges(table, { from: base, to: theirs, keys }),
  ]);
  const found = [...keys].map((key) => {
    const [mine, other] = [here.get(key), there.get(key)];
    return { key, base: mine?.before, ours: mine?.after, theirs: other?.after };
  });
  const dated = new Set(found.filter((versions) => needsDates(table.name, versions)).map(({ key }) => key));
  const datesOf = (tip: string) =>
    dated.size === 0 ? new Map<string, RowDates>() : cellDates(reader, { base, tip }, { table, keys: dated });
  const dates = { ours: await datesOf(ours), theirs: await datesOf(theirs) };
  return found.map(({ key, ...versions }) => ({
    ...versions,
    dated: { ours: dates.ours.get(key), theirs: dates.theirs.get(key) },
  }));
}

/** Columns that decide over others: changing different ones of them is a conflict, too. */
const DECIDING = ["status", "closed_at", "compaction_level", "compacted_at"];

function needsDates(table: string, { base, ours, theirs }: Omit<Versions, "dated">): boolean {
  if (ours === undefined || theirs === undefined) return false;
  const contest = { base, ours, theirs, dates: { ours: {}, theirs: {} } };
  const moves = (side: Side) => table === "issues" && DECIDING.some((column) => isEdited(contest, side, column));
  if (moves("ours") && moves("theirs")) return true;
  return Object.keys(ours).some(
    (column) => ruleOf(table, column) !== "max" && uncontested(contest, column) === undefined,
  );
}

/** The issue that a row is or belongs to. */
function issueOf(table: string, { base, ours, theirs }: Omit<Versions, "dated">): string | undefined {
  const row = ours ?? theirs ?? base ?? {};
  const id = table === "issues" ? row["id"] : row["issue_id"];
  return typeof id === "string" ? id : undefined;
}

async function takenIds(reader: Reader, { ours, theirs }: MergeEnds): Promise<Set<string>> {
  const ids = (commit: string) => rows(sql`SELECT id FROM issues AS OF ${commit}`, (row) => text(row, "id"));
  const found = await reader.all([ids(ours), ids(theirs)]);
  return new Set(found.flat());
}

interface Clash {
  readonly id: string;
  /** The side whose issue gives its id up. */
  readonly side: Side;
  readonly row: CellRow;
}

class PlanBuilder {
  readonly #restored: Sides<readonly string[]>;
  readonly #rows: SettledRow[] = [];
  readonly #clashes: Clash[] = [];
  readonly #comments: Comment[] = [];
  readonly #conflicts: Conflict[] = [];

  /** Issues whose rows are settled as a whole: deleted by a side, or two under one id. */
  readonly #apart: Set<string>;

  constructor(restored: Sides<readonly string[]>, removed: ReadonlySet<string>) {
    this.#restored = restored;
    this.#apart = new Set(removed);
  }

  get hasClashes(): boolean {
    return this.#clashes.length > 0;
  }

  settle(table: KeyedTable, { dated, prefer, ...versions }: Versions): void {
    const { ours, theirs } = versions;
    const issueId = issueOf(table.name, versions);
    if (this.#isApart(issueId, ours ?? theirs)) return;
    const dates = { ours: dated.ours?.dates ?? {}, theirs: dated.theirs?.dates ?? {} };
    const reopened = { ours: dated.ours?.reopened, theirs: dated.theirs?.reopened };
    const merged =
      table.name === "issues"
        ? mergeIssueRow({ ...versions, dates, prefer, reopened })
        : mergeKeyedRow(table.name, { ...versions, dates, prefer });
    const key = keyOf(table, ours ?? theirs ?? {});
    if (!("row" in merged)) {
      if (merged.outcome === "clash" && ours !== undefined && theirs !== undefined) {
        const side = merged.keeps === "ours" ? "theirs" : "ours";
        this.#clashes.push({ id: String(key["id"]), side, row: side === "ours" ? ours : theirs });
        this.#apart.add(String(key["id"]));
      }
      return;
    }
    this.#rows.push({ table, key, row: merged.row });
    if (issueId !== undefined) {
      this.#comments.push(...merged.lost.flatMap((lost) => keptComments({ issueId, ...lost })));
    }
    const item = issueId ?? Object.values(key).map(String).join(" ");
    this.#conflicts.push(...merged.settled.map((one) => conflictOf({ one, table: table.name, item, ours, theirs })));
  }

  #isApart(issueId: string | undefined, row: CellRow | undefined): boolean {
    return this.#apart.has(issueId ?? "") || this.#apart.has(String(row?.["depends_on_id"] ?? ""));
  }

  build(taken: ReadonlySet<string>): MergePlan {
    const ids = new Set(taken);
    const renamed = this.#clashes
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, side, row }) => {
        const newId = idForSecond(id, row, ids);
        ids.add(newId);
        return { id, newId, side, title: String(row["title"]), createdAt: String(row["created_at"]) };
      });
    return {
      rows: this.#rows,
      restored: this.#restored,
      renamed,
      comments: this.#comments,
      conflicts: this.#conflicts,
    };
  }
}

interface Cell extends Sides<CellRow | undefined> {
  readonly one: Settled;
  readonly table: string;
  readonly item: string;
}

function conflictOf({ one, table, item, ours, theirs }: Cell): Conflict {
  const shown = (row: CellRow | undefined) => shownValue(row?.[one.field]);
  return { ...one, table, item, ours: shown(ours), theirs: shown(theirs) };
}

function shownValue(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}

function keyOf({ key }: KeyedTable, row: CellRow): CellRow {
  return Object.fromEntries(key.map((column) => [column, row[column]]));
}
