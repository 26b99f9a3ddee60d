import type { MigrationConnection } from "./migration-connection.ts";
import type { Guard, Statement } from "./parse-migration.ts";
import type { Migration } from "./read-migrations.ts";

/** Says which statement of a migration failed; the cause says why. */
export class StatementFailed extends Error {
  readonly migration: Migration;
  /** Counted from 1. */
  readonly position: number;
  readonly sql: string;

  constructor(migration: Migration, position: number, sql: string, cause: unknown) {
    super(`statement ${position} of migration ${migration.name} failed`, { cause });
    this.migration = migration;
    this.position = position;
    this.sql = sql;
  }
}

/** Runs the statements of one migration whose guards let them. Running it again is harmless. Throws StatementFailed. */
export async function runMigration(connection: MigrationConnection, migration: Migration): Promise<void> {
  for (const [index, statement] of migration.statements.entries()) {
    try {
      if (await isDue(connection, statement)) await connection.query(statement.sql);
    } catch (error) {
      throw new StatementFailed(migration, index + 1, statement.sql, error);
    }
  }
}

/** Whether its guard lets a statement run; it does where there is none. */
export async function isDue(connection: MigrationConnection, { guard }: Statement): Promise<boolean> {
  if (guard === undefined) return true;
  return (await holds(connection, guard.subject)) === (guard.runs === "if");
}

/** Not by information_schema: that reads all databases of the server. */
async function holds(connection: MigrationConnection, subject: Guard["subject"]): Promise<boolean> {
  if (subject.kind === "ignored")
    return (await connection.query("SELECT 1 FROM dolt_ignore WHERE pattern = ?", [subject.pattern])).length > 0;
  const columns = await connection.query(`SHOW COLUMNS FROM \`${subject.table}\``);
  return columns.some((column) => column["Field"] === subject.column);
}
