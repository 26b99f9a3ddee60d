import { join } from "node:path";
import * as z from "zod/mini";
import { requireDatabase } from "../../config/workspace/require-database.ts";
import { commitAuthor } from "../../core/actor.ts";
import { BdError, command } from "../../errors.ts";
import { startHint } from "../../server/start-hint.ts";
import { checkProject } from "../../store/database-identity.ts";
import { applyMigrations } from "../../store/migrate/apply-migrations.ts";
import { readMigrations } from "../../store/migrate/read-migrations.ts";
import { schemaStatus } from "../../store/migrate/schema-status.ts";
import { inspectServer, requireDolt, type TrackerFacts } from "../../store/server-facts.ts";
import type { MachineContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { natural } from "../wire/formats.ts";

const MigrateInput = z.strictObject({ dry_run: z.boolean() });

export interface MigrateResult {
  readonly database: string;
  /** Schema versions: the database's before, and this program's. */
  readonly have: number;
  readonly want: number;
  readonly dryRun: boolean;
  /** Names of the migrations that were pending, in order; without `dryRun` they are applied now. */
  readonly migrations: readonly string[];
}

/** Brings the workspace's database to the schema of this program. */
export const migrateDatabase = defineOperation({
  name: "workspace.migrate",
  access: "machine",
  input: MigrateInput,
  async run(context, input: z.infer<typeof MigrateInput>): Promise<MigrateResult> {
    const { database, tracker } = await openTracker(context);
    const migrations = readMigrations(join(context.machine.packageRoot, "migrations"));
    const { kind, have, want, pending } = schemaStatus(tracker.appliedVersions, migrations);
    if (kind === "newer") throw newerSchema(database, have, want);
    const before = { database, have, want, dryRun: input.dry_run };
    if (input.dry_run) return { ...before, migrations: pending.map(({ name }) => name) };
    const options = { author: commitAuthor(await context.actor()), say: (line: string) => context.note(line) };
    const applied = await context.migrate((connection) => applyMigrations(connection, migrations, options));
    return { ...before, migrations: applied.map(({ name }) => name) };
  },
  wire: {
    of: ({ database, have, want, dryRun, migrations }) => ({
      database,
      have,
      want,
      dry_run: dryRun,
      [dryRun ? "pending" : "applied"]: migrations,
    }),
    schema() {
      const about = { database: z.string(), have: natural(), want: natural() };
      const names = z.array(z.string());
      return z.union([
        z.looseObject({ ...about, dry_run: z.literal(true), pending: names }),
        z.looseObject({ ...about, dry_run: z.literal(false), applied: names }),
      ]);
    },
  },
});

/** The workspace's database. Throws BdError where there is nothing to migrate, or it is another project's. */
export async function openTracker(
  context: MachineContext,
): Promise<{ readonly database: string; readonly tracker: TrackerFacts }> {
  context.workspace();
  const database = requireDatabase(await context.sources(), await context.settings());
  const { endpoint, projectId } = await context.settings();
  const server = await inspectServer({
    endpoint,
    database,
    startHint: () => startHint(context.machine, endpoint.port),
  });
  requireDolt(server, endpoint);
  if (server.database === undefined) {
    throw new BdError("config", "NO_DATABASE", `the server has no database '${database}'`, {
      hint: command`bd init --database=${database}`,
    });
  }
  const { tracker } = server.database;
  if (tracker === undefined) {
    throw new BdError("config", "NO_TRACKER", `database '${database}' holds no issue tracker`, {
      hint: command`bd init --database=${database}`,
    });
  }
  checkProject(tracker, projectId, database);
  return { database, tracker };
}

function newerSchema(database: string, have: number, want: number): BdError {
  const message = `database '${database}' has schema ${have}, this bd knows up to ${want}; nothing was changed`;
  return new BdError("schema", "SCHEMA_NEWER", message, { hint: command`bd version`, details: { have, want } });
}
