import type { MigrationConnection } from "./migration-connection.ts";
import type { Migration } from "./read-migrations.ts";
import { runMigration } from "./run-migration.ts";

/**
 * Makes the tables that Dolt ignores where they are missing, as they are after a clone. For a database of the current
 * schema only: before their names are in dolt_ignore they would be tracked. Returns the names of what it made.
 * Throws StatementFailed.
 */
export async function ensureIgnoredTables(
  connection: MigrationConnection,
  migrations: readonly Migration[],
): Promise<string[]> {
  const before = new Set(await listTables(connection));
  for (const migration of migrations) if (migration.local) await runMigration(connection, migration);
  return (await listTables(connection)).filter((table) => !before.has(table));
}

/** The base tables of the database but Dolt's own, by name. */
export async function listTables(connection: MigrationConnection): Promise<string[]> {
  const rows = await connection.query("SHOW FULL TABLES");
  const tables = rows.map((row) => Object.values(row)).filter(([, type]) => type === "BASE TABLE");
  const names = tables.map(([name]) => String(name));
  return names.filter((name) => !name.startsWith("dolt_")).toSorted((a, b) => (a < b ? -1 : 1));
}
