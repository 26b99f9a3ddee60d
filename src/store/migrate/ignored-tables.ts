import { BdError } from "../../errors.ts";
import type { MigrationConnection } from "./migration-connection.ts";
import type { Statement } from "./parse-migration.ts";
import type { Migration } from "./read-migrations.ts";
import { isDue, runMigration, StatementFailed } from "./run-migration.ts";

/**
 * Makes the tables that Dolt ignores where they are missing, as they are after a clone. For a database of the current
 * schema only: before their names are in dolt_ignore they would be tracked. Returns the names of what it made.
 * Who may make no tables passes where none is missing. Throws StatementFailed.
 */
export async function ensureIgnoredTables(
  connection: MigrationConnection,
  migrations: readonly Migration[],
): Promise<string[]> {
  const before = new Set(await listTables(connection));
  const local = migrations.filter((migration) => migration.local);
  try {
    for (const migration of local) await runMigration(connection, migration);
  } catch (error) {
    const statements = local.flatMap((migration) => migration.statements);
    if (lacksRight(error) && (await areDone(connection, statements, before))) return [];
    throw error;
  }
  return (await listTables(connection)).filter((table) => !before.has(table));
}

function lacksRight(error: unknown): boolean {
  return error instanceof StatementFailed && error.cause instanceof BdError && error.cause.code === "NO_PERMISSION";
}

async function areDone(
  connection: MigrationConnection,
  statements: readonly Statement[],
  tables: ReadonlySet<string>,
): Promise<boolean> {
  for (const statement of statements) if (!(await isDone(connection, statement, tables))) return false;
  return true;
}

/** Whether running the statement would change nothing, as far as can be told without running it. */
async function isDone(
  connection: MigrationConnection,
  statement: Statement,
  tables: ReadonlySet<string>,
): Promise<boolean> {
  const [, table] = /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement.sql) ?? [];
  if (table !== undefined) return tables.has(table);
  const [, index, on] = /^CREATE INDEX IF NOT EXISTS (\w+) ON (\w+)/.exec(statement.sql) ?? [];
  if (index === undefined || on === undefined) return !(await isDue(connection, statement));
  if (!tables.has(on)) return false;
  const indexes = await connection.query(`SHOW INDEX FROM \`${on}\``);
  return indexes.some((row) => row["Key_name"] === index);
}

/** The base tables of the database but Dolt's own, by name. */
export async function listTables(connection: MigrationConnection): Promise<string[]> {
  const rows = await connection.query("SHOW FULL TABLES");
  const tables = rows.map((row) => Object.values(row)).filter(([, type]) => type === "BASE TABLE");
  const names = tables.map(([name]) => String(name));
  return names.filter((name) => !name.startsWith("dolt_")).toSorted((a, b) => (a < b ? -1 : 1));
}
