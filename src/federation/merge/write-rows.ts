import type { Row as CellRow } from "../../core/merge/cell.ts";
import { execute, type Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { identifier, join, raw, type Sql, sql } from "../../store/sql.ts";

const ROWS_PER_STATEMENT = 50;
const STATEMENTS_PER_PACKET = 20;

/**
 * Makes the rows of a table what they are here, all columns of them. Never REPLACE: its delete takes along what hangs on
 * an issue.
 */
export function upsertRows(table: string, rows: readonly CellRow[]): Query<number>[] {
  return insertRows(table, rows, (names) => names.map((name) => sql`${name} = VALUES(${name})`));
}

/** Adds the rows whose keys are new to a table. Of those that it has only `owner` becomes what it is here. */
export function insertOwnRows(table: string, rows: readonly CellRow[], owner: string): Query<number>[] {
  const name = identifier(owner);
  return insertRows(table, rows, () => [sql`${name} = VALUES(${name})`]);
}

function insertRows(
  table: string,
  rows: readonly CellRow[],
  updatesOf: (names: readonly Sql[]) => readonly Sql[],
): Query<number>[] {
  return byColumns(rows).flatMap(({ columns, rows: same }) => {
    const names = columns.map((column) => identifier(column));
    const updates = join(updatesOf(names), ", ");
    return chunks(same, ROWS_PER_STATEMENT).map((some) =>
      execute(
        sql`INSERT INTO ${identifier(table)} (${join(names, ", ")}) VALUES ${values(columns, some)}
          ON DUPLICATE KEY UPDATE ${updates}`,
      ),
    );
  });
}

export function deleteRow(table: string, key: CellRow): Query<number> {
  const conditions = Object.entries(key).map(([column, value]) => sql`${identifier(column)} = ${literal(value)}`);
  return execute(sql`DELETE FROM ${identifier(table)} WHERE ${join(conditions, " AND ")}`);
}

/** Sends statements that don't depend on each other's answers, in as few packets as is wise. */
export async function inPackets(reader: Reader, statements: readonly Query<number>[]): Promise<void> {
  for (const some of chunks(statements, STATEMENTS_PER_PACKET)) await reader.all(some);
}

function values(columns: readonly string[], rows: readonly CellRow[]): Sql {
  const tuples = rows.map(
    (row) =>
      sql`(${join(
        columns.map((column) => literal(row[column])),
        ", ",
      )})`,
  );
  return join(tuples, ", ");
}

function literal(value: unknown): Sql {
  if (value === null || value === undefined) return raw("NULL");
  if (value instanceof Uint8Array) return raw(`X'${Buffer.from(value).toString("hex")}'`);
  if (isPlain(value)) return sql`${value}`;
  throw new Error(`a row holds a value of type ${typeof value}`);
}

function isPlain(value: unknown): value is string | number | bigint | boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

/** Rows of one table have the same columns, unless their commits have different schemas. */
function byColumns(rows: readonly CellRow[]): { readonly columns: string[]; readonly rows: CellRow[] }[] {
  const groups = Map.groupBy(rows, (row) => Object.keys(row).join("\0"));
  return [...groups.values()].map((same) => ({ columns: Object.keys(same[0] ?? {}), rows: same }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let start = 0; start < items.length; start += size) found.push(items.slice(start, start + size));
  return found;
}
