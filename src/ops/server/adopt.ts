import { resolve } from "node:path";
import * as z from "zod/mini";
import { type AdoptedDatabase, type Adoption, adoptDatabases } from "../../server/adopt/adopt-databases.ts";
import { findDolt } from "../../server/dolt/find-dolt.ts";
import { defineOperation } from "../operation.ts";
import { natural, oneOf } from "../wire/formats.ts";
import { inWords, serverEnvironment } from "./server-place.ts";

const AdoptInput = z.strictObject({
  /** Where the databases lie, or the project that has them. */
  folder: z.string(),
  /** Names of those to take; all where there is none. */
  databases: z.array(z.string()),
  /** Copy and verify, then throw the copies away. */
  dry_run: z.boolean(),
  /** Remove the old folders of what is verified in ours. */
  remove_old: z.boolean(),
});

export interface AdoptResult extends Adoption {
  readonly dryRun: boolean;
}

/** Takes databases of another data folder into our server's. */
export const adoptFolder = defineOperation({
  name: "server.adopt",
  access: "machine",
  input: AdoptInput,
  async run(context, input: z.infer<typeof AdoptInput>): Promise<AdoptResult> {
    const environment = serverEnvironment(context);
    const dolt = await findDolt(environment);
    context.detail(inWords(dolt));
    const adoption = await adoptDatabases(environment, {
      folder: resolve(context.folder, input.folder),
      only: input.databases,
      dryRun: input.dry_run,
      removeOld: input.remove_old,
      dolt,
    });
    return { ...adoption, dryRun: input.dry_run };
  },
  wire: {
    of: ({ from, dataDir, databases, serverPid, dryRun }) => ({
      from,
      data_dir: dataDir,
      databases: databases.map(databaseJson),
      server_pid: serverPid,
      dry_run: dryRun,
    }),
    schema: () =>
      z.looseObject({
        from: z.string(),
        data_dir: z.string(),
        databases: z.array(
          z.looseObject({
            name: z.string(),
            outcome: oneOf<AdoptedDatabase["outcome"]>({ adopted: true, there: true }),
            bytes: natural(),
            branches: z.array(z.looseObject({ name: z.string(), commit: z.string(), working_hash: z.string() })),
            tables: z.array(z.looseObject({ name: z.string(), hash: z.string(), rows: natural() })),
            served: z.boolean(),
            old_removed: z.boolean(),
          }),
        ),
        server_pid: z.optional(z.int()),
        dry_run: z.boolean(),
      }),
  },
});

function databaseJson({ name, outcome, bytes, state, isServed, isOldRemoved }: AdoptedDatabase): object {
  return {
    name,
    outcome,
    bytes,
    branches: state.branches.map((branch) => ({
      name: branch.name,
      commit: branch.commit,
      working_hash: branch.workingHash,
    })),
    tables: state.tables.map((table) => ({ name: table.name, hash: table.hash, rows: table.rows })),
    served: isServed,
    old_removed: isOldRemoved,
  };
}
