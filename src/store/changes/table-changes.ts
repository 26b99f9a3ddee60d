import type { RowChange } from "../../core/changes/row-change.ts";
import type { Row as CellRow } from "../../core/merge/cell.ts";
import { TOMBSTONE_COLUMNS, TOMBSTONES } from "../../core/merge/known-issues.ts";
import { keyText } from "../../core/merge/snapshot.ts";
import { combine, number, type Query, type Row, rows, text } from "../query.ts";
import { identifier, join, list, NOTHING, type Sql, sql } from "../sql.ts";

/** Two commits (or `WORKING`), the later one last. */
export interface CommitPair {
  readonly from: string;
  readonly to: string;
}

/** A table and the columns that name its rows. */
export interface KeyedTable {
  readonly name: string;
  readonly key: readonly string[];
}

/**
 * Tables whose keys the database does not list: those of Dolt's own that take rows from us, and one of ours that only
 * the other side may have.
 */
const KNOWN_KEYS = [
  ["dolt_ignore", ["pattern"]],
  ["dolt_docs", ["doc_name"]],
  [TOMBSTONES, TOMBSTONE_COLUMNS],
] as const;

/** The primary keys of the tables whose rows can be named and written. */
export const primaryKeys: Query<Map<string, readonly string[]>> = combine(
  [
    rows(
      sql`SELECT table_name AS t, column_name AS c FROM information_schema.columns
        WHERE table_schema = DATABASE() AND column_key = 'PRI'`,
      (row) => ({ table: text(row, "t"), column: text(row, "c") }),
    ),
  ],
  (found) => {
    const columns = Map.groupBy(found, ({ table }) => table);
    const keys = [...columns].map(([table, own]) => [table, own.map(({ column }) => column)] as const);
    return new Map<string, readonly string[]>([...keys, ...KNOWN_KEYS]);
  },
);

/** The names of all tables and views that a commit has. */
export function tablesAt(commit: string): Query<Set<string>> {
  const found = rows(sql`SHOW FULL TABLES AS OF ${commit}`, (row) => String(Object.values(row)[0]));
  return combine([found], (names) => new Set(names));
}

/** How a table differs between two commits. */
export interface TableDifference {
  /** What it is called in each of them; empty where it is not there. */
  readonly before: string;
  readonly after: string;
  readonly hasOtherRows: boolean;
  /** Other columns, say, or another name. */
  readonly hasOtherForm: boolean;
}

/** The tables that differ between two commits; those that Dolt ignores are in none. */
export function tableDifferences({ from, to }: CommitPair): Query<TableDifference[]> {
  return rows(
    sql`SELECT from_table_name, to_table_name, data_change, schema_change FROM DOLT_DIFF_SUMMARY(${from}, ${to})`,
    (row) => ({
      before: text(row, "from_table_name"),
      after: text(row, "to_table_name"),
      hasOtherRows: number(row, "data_change") === 1,
      hasOtherForm: number(row, "schema_change") === 1,
    }),
  );
}

/** The names of the tables whose rows differ between two commits. */
export function changedTables(from: string, to: string): Query<string[]> {
  return combine([tableDifferences({ from, to })], (tables) =>
    tables.filter(({ hasOtherRows }) => hasOtherRows).map(({ before, after }) => after || before),
  );
}

/** Those of the ids that issues have at a commit. */
export function issuesAt(commit: string, ids: readonly string[]): Query<string[]> {
  return rows(sql`SELECT id FROM issues AS OF ${commit} WHERE id IN ${list(ids)}`, (row) => text(row, "id"));
}

/** The keys of the rows that differ between two commits, each as one text. */
export function changedKeys({ name, key }: KeyedTable, from: string, to: string): Query<string[]> {
  const columns = join(key.map(eitherColumn), ", ");
  return rows(sql`SELECT ${columns} FROM DOLT_DIFF(${from}, ${to}, ${name})`, (row) =>
    keyText(key.map((column) => text(row, column))),
  );
}

/** Above that many keys the server sends all rows: naming the keys would cost more. */
const MAX_NAMED_KEYS = 200;

/** The rows that differ between two commits, by key; of these those that `keys` names, where it is given. */
export function rowChanges(
  { name, key }: KeyedTable,
  { from, to, keys }: { readonly from: string; readonly to: string; readonly keys?: ReadonlySet<string> },
): Query<Map<string, RowChange>> {
  const condition = keys === undefined ? NOTHING : anyNamed(key, keys);
  const found = rows(sql`SELECT * FROM DOLT_DIFF(${from}, ${to}, ${name}) WHERE TRUE ${condition}`, (row) =>
    rowChange(row, key),
  );
  return combine([found], (changes) => new Map(changes.filter(([one]) => keys?.has(one) ?? true)));
}

/** A further condition on a table of differences, which lets at least the rows with these keys through. */
export function anyNamed([first = "id"]: readonly string[], keys: ReadonlySet<string>): Sql {
  const firsts = [...new Set([...keys].map((one) => keyParts(one)[0] ?? ""))];
  if (firsts.length > MAX_NAMED_KEYS) return NOTHING;
  return sql`AND COALESCE(${identifier(`to_${first}`)}, ${identifier(`from_${first}`)}) IN ${list(firsts)}`;
}

function eitherColumn(column: string): Sql {
  return sql`COALESCE(${identifier(`to_${column}`)}, ${identifier(`from_${column}`)}) AS ${identifier(column)}`;
}

const META_COLUMNS = new Set(["commit", "commit_date"]);

/** A row of a table of differences. */
export function rowChange(row: Row, key: readonly string[]): readonly [string, RowChange] {
  const type = text(row, "diff_type");
  const before = type === "added" ? undefined : sideOf(row, "from_");
  const after = type === "removed" ? undefined : sideOf(row, "to_");
  const named = after ?? before ?? {};
  return [keyText(key.map((column) => text(named, column))), { before, after }];
}

function sideOf(row: Row, prefix: "from_" | "to_"): CellRow {
  const cells = Object.entries(row).filter(([name]) => name.startsWith(prefix));
  const named = cells.map(([name, value]) => [name.slice(prefix.length), value] as const);
  return Object.fromEntries(named.filter(([name]) => !META_COLUMNS.has(name)));
}

function keyParts(key: string): string[] {
  const parts: unknown = JSON.parse(key);
  return Array.isArray(parts) ? parts.map(String) : [];
}
