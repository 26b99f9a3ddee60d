import type { Comment } from "../core/issue.ts";
import type { Row as CellRow } from "../core/merge/cell.ts";
import { fromWireTime } from "../core/wire-time.ts";
import { execute, type Query } from "../store/query.ts";
import { identifier, join, list, raw, type Sql, sql } from "../store/sql.ts";
import type { Reader } from "../store/store.ts";

const ROWS_PER_STATEMENT = 50;
const STATEMENTS_PER_PACKET = 20;

/**
 * Makes the rows of a table what they are here, all columns of them. Never REPLACE: its delete takes along what hangs on
 * an issue.
 */
export function upsertRows(table: string, rows: readonly CellRow[]): Query<number>[] {
  return byColumns(rows).flatMap(({ columns, rows: same }) => {
    const names = columns.map((column) => identifier(column));
    const updates = join(
      names.map((name) => sql`${name} = VALUES(${name})`),
      ", ",
    );
    return chunks(same, ROWS_PER_STATEMENT).map((some) =>
      execute(
        sql`INSERT INTO ${identifier(table)} (${join(names, ", ")}) VALUES ${values(columns, some)}
          ON DUPLICATE KEY UPDATE ${updates}`,
      ),
    );
  });
}

/** Adds the rows whose keys are free. */
export function addRows(table: string, rows: readonly CellRow[]): Query<number>[] {
  return byColumns(rows).flatMap(({ columns, rows: same }) => {
    const names = join(
      columns.map((column) => identifier(column)),
      ", ",
    );
    return chunks(same, ROWS_PER_STATEMENT).map((some) =>
      execute(sql`INSERT IGNORE INTO ${identifier(table)} (${names}) VALUES ${values(columns, some)}`),
    );
  });
}

export function deleteRow(table: string, key: CellRow): Query<number> {
  const conditions = Object.entries(key).map(([column, value]) => sql`${identifier(column)} = ${literal(value)}`);
  return execute(sql`DELETE FROM ${identifier(table)} WHERE ${join(conditions, " AND ")}`);
}

export function deleteWhere(table: string, column: string, texts: readonly string[]): Query<number> {
  return execute(sql`DELETE FROM ${identifier(table)} WHERE ${identifier(column)} IN ${list(texts)}`);
}

/** A comment as a row of its table. */
export function commentRow({ created_at, ...comment }: Comment): CellRow {
  return { ...comment, created_at: fromWireTime(created_at) };
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
