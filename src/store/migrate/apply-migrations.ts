import { BdError, command, type ErrorKind } from "../../errors.ts";
import { takesAdmin } from "../connection/takes-admin.ts";
import { ensureIgnoredTables, listTables } from "./ignored-tables.ts";
import type { MigrationConnection } from "./migration-connection.ts";
import type { Migration } from "./read-migrations.ts";
import { runMigration, StatementFailed } from "./run-migration.ts";
import { type SchemaStatus, schemaStatus } from "./schema-status.ts";

export interface ApplyOptions {
  /** `Name <mail>`, as DOLT_COMMIT takes it. */
  readonly author: string;
  /** Called with one line before each migration. */
  readonly say: (line: string) => void;
}

const ADMINS_WORK = { what: "change the schema", hint: command`BEADS_DOLT_SERVER_USER=ADMIN bd migrate` };

/** The versions that the database has recorded, ascending; none where it has no schema_migrations. */
export async function listAppliedVersions(connection: MigrationConnection): Promise<number[]> {
  const [table] = await connection.query("SHOW TABLES LIKE 'schema\\_migrations'");
  if (table === undefined) return [];
  const rows = await connection.query("SELECT version FROM schema_migrations ORDER BY version");
  return rows.map((row) => Number(row["version"]));
}

/**
 * Brings the database to the newest schema in one Dolt commit, and makes the tables that Dolt ignores where they are
 * missing. The caller holds the write lock and keeps it. Returns what was applied; nothing when it was current.
 *
 * Dolt commits the SQL transaction at every DDL statement, so a failure is undone by going back to the last Dolt
 * commit; that is why it starts only on a clean working set. What a program without our lock writes meanwhile goes
 * into the commit, or is undone too. After a lost connection nothing is undone: the caller commits the leftovers, as
 * before every write, and the next run goes on from there.
 *
 * Throws BdError schema (SCHEMA_NEWER, SCHEMA_UNRECORDED, MIGRATION_FAILED), config (NO_PERMISSION), unavailable
 * (WORKING_SET_DIRTY), or what ended the connection.
 */
export async function applyMigrations(
  connection: MigrationConnection,
  migrations: readonly Migration[],
  options: ApplyOptions,
): Promise<readonly Migration[]> {
  // The snapshot of an open transaction may be older than the lock.
  await connection.query("ROLLBACK");
  const status = schemaStatus(await listAppliedVersions(connection), migrations);
  if (status.kind === "newer") throw newerSchema(status);
  if (status.kind !== "current") {
    await requireKnownOrigin(connection, status);
    await requireCleanWorkingSet(connection);
    // Who has no right to make tables fails here, before anything has changed.
    try {
      await connection.query("CREATE TABLE IF NOT EXISTS schema_migrations (version INT NOT NULL PRIMARY KEY)");
    } catch (error) {
      throw takesAdmin(error, ADMINS_WORK);
    }
    try {
      await applyPending(connection, migrations, status, options);
    } catch (error) {
      throw failed(error, lostConnection(error) ? "half done" : await undo(connection));
    }
  }
  try {
    await ensureIgnoredTables(connection, migrations);
  } catch (error) {
    throw failed(error, "kept");
  }
  return status.pending;
}

async function applyPending(
  connection: MigrationConnection,
  migrations: readonly Migration[],
  status: SchemaStatus,
  { author, say }: ApplyOptions,
): Promise<void> {
  const pending = new Set(status.pending);
  for (const migration of migrations) {
    if (pending.has(migration)) {
      say(`applying ${migration.name}`);
      await runMigration(connection, migration);
      await connection.query("INSERT IGNORE INTO schema_migrations (version) VALUES (?)", [migration.version]);
    } else if (migration.local) {
      // On a clone the ignored tables that pending migrations alter are missing.
      await runMigration(connection, migration);
    }
  }
  const message = commitMessage(status);
  await connection.query("CALL DOLT_COMMIT('-Am', ?, '--author', ?, '--skip-empty')", [message, author]);
  await connection.query("COMMIT");
}

function commitMessage({ kind, have, want }: SchemaStatus): string {
  return kind === "empty" ? `bd init: schema ${want}` : `bd migrate: schema ${have} to ${want}`;
}

/** Tables without recorded versions are somebody else's, or older than all that we can bring forward. */
async function requireKnownOrigin(connection: MigrationConnection, { kind }: SchemaStatus): Promise<void> {
  if (kind !== "empty") return;
  const tables = await listTables(connection);
  if (tables.length === 0 || tables.includes("schema_migrations")) return;
  throw new BdError(
    "schema",
    "SCHEMA_UNRECORDED",
    `the database has tables (${tables.slice(0, 5).join(", ")}${tables.length > 5 ? ", …" : ""}) but no schema_migrations: no bd that we know made them; nothing was changed`,
    { hint: command`bd init --help`, details: { tables } },
  );
}

async function requireCleanWorkingSet(connection: MigrationConnection): Promise<void> {
  const tables = await dirtyTables(connection);
  if (tables.length === 0) return;
  throw new BdError(
    "unavailable",
    "WORKING_SET_DIRTY",
    `another program left uncommitted changes in ${tables.join(", ")}; nothing was changed`,
    { hint: command`bd dolt status`, details: { tables } },
  );
}

async function dirtyTables(connection: MigrationConnection): Promise<string[]> {
  const rows = await connection.query("SELECT DISTINCT table_name AS name FROM dolt_status ORDER BY table_name");
  return rows.map((row) => String(row["name"]));
}

/** With the connection went the lock: what stands there now may be another runner's work, so nothing is undone. */
function lostConnection(error: unknown): boolean {
  const cause = error instanceof StatementFailed ? error.cause : error;
  return cause instanceof BdError && (cause.kind === "unavailable" || cause.kind === "interrupted");
}

type Outcome = "undone" | "half done" | "kept";

/** Back to the last Dolt commit. Ignored tables and their rows stay, where the commit ignores them. */
async function undo(connection: MigrationConnection): Promise<Outcome> {
  try {
    await connection.query("ROLLBACK");
    await connection.query("CALL DOLT_RESET('--hard')");
    // A reset leaves new tables alone. The first clean takes a new dolt_ignore too, and uncovers what that ignored.
    for (let round = 0; round < 2 && (await dirtyTables(connection)).length > 0; round++)
      await connection.query("CALL DOLT_CLEAN()");
    await connection.query("COMMIT");
    return (await dirtyTables(connection)).length === 0 ? "undone" : "half done";
  } catch {
    return "half done";
  }
}

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  undone: "the database is as it was",
  "half done": "the database may be half migrated; the next run goes on from there",
  kept: "the schema is recorded, but tables of this machine are missing",
};

/** A lost server, a missing right or Ctrl-C says nothing about the schema, and their exit codes say what to do. */
const NOT_THE_SCHEMA: ReadonlySet<ErrorKind> = new Set(["unavailable", "config", "interrupted"]);

function failed(error: unknown, outcome: Outcome): BdError {
  const cause = takesAdmin(error instanceof StatementFailed ? error.cause : error, ADMINS_WORK);
  const what = error instanceof StatementFailed ? error.message : "committing the migrations failed";
  const why = cause instanceof Error ? cause.message : String(cause);
  const kind = cause instanceof BdError && NOT_THE_SCHEMA.has(cause.kind) ? cause.kind : "schema";
  return new BdError(kind, "MIGRATION_FAILED", `${what} (${why}); ${OUTCOMES[outcome]}`, {
    hint: cause instanceof BdError && cause.code === "NO_PERMISSION" ? cause.hint : command`bd migrate`,
    details:
      error instanceof StatementFailed
        ? { migration: error.migration.name, statement: error.position, sql: error.sql, outcome }
        : { outcome },
    cause: error,
  });
}

function newerSchema({ have, want }: SchemaStatus): BdError {
  return new BdError("schema", "SCHEMA_NEWER", `the database has schema ${have}, this bd knows up to ${want}`, {
    hint: command`bd version`,
    details: { have, want },
  });
}
