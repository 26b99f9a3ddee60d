import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandLine } from "../../errors.ts";
import { takesAdmin } from "../connection/takes-admin.ts";
import { listTables } from "./ignored-tables.ts";
import type { MigrationConnection } from "./migration-connection.ts";
import { parseMigration } from "./parse-migration.ts";

/** A table of ours beyond the numbered schema: made by name, where somebody wants it. */
export interface SchemaStep {
  /** As `bd migrate` takes it, and the file in `migrations/steps`. */
  readonly name: string;
  readonly table: string;
  /** The folder of the migrations. */
  readonly directory: string;
  /** What an admin types for whom may make no tables. */
  readonly adminsLine: CommandLine;
}

/**
 * Makes the step's table in one Dolt commit; gives false where it is there already. The caller holds the write lock, and
 * nothing is uncommitted. Throws BdError config NO_PERMISSION, or what ended the connection: a table that was made and
 * not committed is committed as what others left, before the next change.
 */
export async function applyStep(
  connection: MigrationConnection,
  { name, table, directory, adminsLine }: SchemaStep,
  author: string,
): Promise<boolean> {
  // The snapshot of an open transaction may be older than the lock.
  await connection.query("ROLLBACK");
  if ((await listTables(connection)).includes(table)) return false;
  const { statements } = parseMigration(readFileSync(join(directory, "steps", `${name}.sql`), "utf8"));
  try {
    for (const { sql } of statements) await connection.query(sql);
  } catch (error) {
    throw takesAdmin(error, { what: "change the schema", hint: adminsLine });
  }
  const message = `bd migrate: ${name}`;
  await connection.query("CALL DOLT_COMMIT('-Am', ?, '--author', ?, '--skip-empty')", [message, author]);
  await connection.query("COMMIT");
  return true;
}
