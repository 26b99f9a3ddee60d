import { join } from "node:path";
import * as z from "zod/mini";
import { commitAuthor } from "../../core/actor.ts";
import { TOMBSTONES } from "../../core/merge/known-issues.ts";
import { command } from "../../errors.ts";
import { checkWritable } from "../../store/database-identity.ts";
import { applyStep } from "../../store/migrate/apply-step.ts";
import { tableNames } from "../../store/queries/database-contents.ts";
import { defineOperation } from "../operation.ts";
import { openTracker } from "./migrate.ts";

const DeletedIssuesInput = z.strictObject({ dry_run: z.boolean() });

export interface DeletedIssuesResult {
  readonly database: string;
  readonly table: string;
  /** Whether the table was there already. */
  readonly existed: boolean;
  readonly dryRun: boolean;
}

/** Makes the table in which merges remember deleted issues. Throws BdError where the database is no tracker of ours. */
export const migrateDeletedIssues = defineOperation({
  name: "workspace.migrate-deleted-issues",
  access: "machine",
  input: DeletedIssuesInput,
  async run(context, { dry_run: dryRun }: z.infer<typeof DeletedIssuesInput>): Promise<DeletedIssuesResult> {
    const { database, tracker } = await openTracker(context);
    checkWritable(tracker, database);
    const table = TOMBSTONES;
    if (dryRun) {
      const [tables] = await context.read((reader) => reader.all([tableNames]));
      return { database, table, existed: tables.includes(table), dryRun };
    }
    const step = {
      name: "deleted-issues",
      table,
      directory: join(context.machine.packageRoot, "migrations"),
      adminsLine: command`BEADS_DOLT_SERVER_USER=ADMIN bd migrate deleted-issues`,
    };
    const author = commitAuthor(await context.actor());
    const made = await context.migrate((connection) => applyStep(connection, step, author));
    return { database, table, existed: !made, dryRun };
  },
  wire: {
    of: ({ database, table, existed, dryRun }) => ({ database, table, existed, dry_run: dryRun }),
    schema: () =>
      z.looseObject({ database: z.string(), table: z.string(), existed: z.boolean(), dry_run: z.boolean() }),
  },
});
