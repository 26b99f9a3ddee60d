import { type Row as CellRow, type Sides, sameCell } from "../core/merge/cell.ts";
import { mergeIssueRow } from "../core/merge/merge-issue-row.ts";
import { mergeKeyedRow } from "../core/merge/merge-keyed-row.ts";
import { query, text } from "../store/query.ts";
import { sql } from "../store/sql.ts";
import type { Reader } from "../store/store.ts";
import { type Parting, partingOf } from "./merge-bases.ts";
import type { Versions, VersionsByKey } from "./row-versions.ts";
import { type KeyedTable, rowChanges } from "./table-changes.ts";

type Rows = ReadonlyMap<string, CellRow | undefined>;

/**
 * The rows of one table that differ between two commits with several best common ancestors. No commit is the state from
 * which both went on; it has to be found row by row:
 *
 * - Each side has a commit that brought the ancestors together. What is alike in both is what both started from.
 * - Where one of them had already gone on there, it is what the rules make of the ancestors' rows; these may have
 *   several common ancestors themselves.
 */
export class CrossedRows {
  readonly #reader: Reader;
  readonly #table: KeyedTable;
  /** Rows are read as differences from this commit, whose rows are known. */
  readonly #known: { readonly commit: string; readonly rows: Rows };

  private constructor(reader: Reader, table: KeyedTable, known: { readonly commit: string; readonly rows: Rows }) {
    this.#reader = reader;
    this.#table = table;
    this.#known = known;
  }

  static async read(
    reader: Reader,
    { ours, theirs, ...parting }: Parting & Sides<string>,
    table: KeyedTable,
  ): Promise<VersionsByKey> {
    const [apart] = await reader.all([rowChanges(table, { from: ours, to: theirs })]);
    const here = new Map([...apart].map(([key, { before }]) => [key, before]));
    const bases = await new CrossedRows(reader, table, { commit: ours, rows: here }).#baseRows(parting, here.keys());
    return new Map(
      [...apart].map(([key, { before, after }]) => [key, { base: bases.get(key), ours: before, theirs: after }]),
    );
  }

  /** The rows from which both sides of a parting went on. */
  async #baseRows({ bases, meets }: Parting, wanted: Iterable<string>): Promise<Rows> {
    const keys = new Set(wanted);
    const [first = ""] = bases;
    if (keys.size === 0) return new Map();
    if (meets === undefined) return this.#rowsAt(first, keys);
    const [here, there] = [await this.#rowsAt(meets.ours, keys), await this.#rowsAt(meets.theirs, keys)];
    const open = new Set([...keys].filter((key) => !sameRow(here.get(key), there.get(key))));
    const united = await this.#unitedRows(bases, open);
    return new Map(
      [...keys].map((key) => {
        const [mine, other] = [here.get(key), there.get(key)];
        return [key, open.has(key) ? (united.get(key) ?? earlierOf(mine, other)) : mine];
      }),
    );
  }

  /** What the rules make of the rows of several commits. */
  async #unitedRows([first = "", ...others]: readonly string[], keys: ReadonlySet<string>): Promise<Rows> {
    if (keys.size === 0) return new Map();
    let united = await this.#rowsAt(first, keys);
    for (const other of others) {
      const [base] = await this.#reader.all([
        query(sql`SELECT DOLT_MERGE_BASE(${first}, ${other}) AS base`, ({ rows: [row = {}] }) => text(row, "base")),
      ]);
      const parting = await partingOf(this.#reader, { ours: first, theirs: other, base });
      const [bases, theirs, before] = [await this.#baseRows(parting, keys), await this.#rowsAt(other, keys), united];
      united = new Map(
        [...keys].map((key) => {
          const versions = { base: bases.get(key), ours: before.get(key), theirs: theirs.get(key) };
          return [key, unitedRow(this.#table.name, versions)];
        }),
      );
    }
    return united;
  }

  async #rowsAt(commit: string, keys: ReadonlySet<string>): Promise<Rows> {
    const { commit: known, rows } = this.#known;
    const [changes] = await this.#reader.all([rowChanges(this.#table, { from: commit, to: known, keys })]);
    return new Map([...keys].map((key) => [key, changes.has(key) ? changes.get(key)?.before : rows.get(key)]));
  }
}

/** Dates are left out: only a cell that was contested among the ancestors too could come out otherwise by them. */
function unitedRow(table: string, { base, ours, theirs }: Versions): CellRow | undefined {
  if (sameRow(ours, theirs) || sameRow(theirs, base)) return ours;
  if (sameRow(ours, base)) return theirs;
  const versions = { base, ours, theirs, dates: { ours: {}, theirs: {} } };
  if (table !== "issues") return mergeKeyedRow(table, versions).row;
  const merged = mergeIssueRow(versions);
  if (merged.outcome === "row") return merged.row;
  return merged.outcome === "clash" ? versions[merged.keeps] : undefined;
}

/** One issue that both sides have and no ancestor knows: it got its id when the ancestors were brought together. */
function earlierOf(mine: CellRow | undefined, other: CellRow | undefined): CellRow | undefined {
  if (mine === undefined || other === undefined || mine["created_by"] === undefined) return undefined;
  const isOne = ["id", "created_at", "created_by"].every((column) => sameCell(mine[column], other[column]));
  if (!isOne) return undefined;
  return String(mine["updated_at"]) <= String(other["updated_at"]) ? mine : other;
}

export function sameRow(a: CellRow | undefined, b: CellRow | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((column) => sameCell(a[column], b[column]));
}
