import { randomUUID } from "node:crypto";
import { cpSync, existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { v7 as uuidv7 } from "uuid";
import { inject } from "vitest";
import { command } from "../../src/errors.ts";
import { applyMigrations } from "../../src/store/migrate/apply-migrations.ts";
import { readMigrations } from "../../src/store/migrate/read-migrations.ts";
import { openSession } from "../../src/store/session.ts";
import { dataDirAt } from "./private-dolt.ts";
import { asRoot } from "./roles.ts";
import { endpointAt, REAL_TIME } from "./store-database.ts";

interface NewDatabase {
  readonly port: number;
  readonly database: string;
  /** `Name <mail>` of the commit that makes the tables. */
  readonly author: string;
}

/**
 * Makes a database as `bd init` leaves it before it says whose it is: tables, one commit, no project. The first of an
 * author is migrated in earnest and its folder kept; all others are copies of that, in a hundredth of the server's time.
 * Copies have the beginning of their history in common.
 */
export async function makeTables(made: NewDatabase): Promise<void> {
  const template = join(inject("templates"), encodeURIComponent(made.author));
  if (existsSync(template)) await attachCopy(template, made);
  else await migrate(made, template);
}

/** A server sees no folder that appears beside its databases, but it takes back one that was dropped. */
async function attachCopy(template: string, { port, database }: NewDatabase): Promise<void> {
  cpSync(template, join(dataDirOf(port), ".dolt_dropped_databases", database), { recursive: true });
  await asRoot(port, (root) => root.query("CALL DOLT_UNDROP(?)", [database]));
}

async function migrate({ port, database, author }: NewDatabase, template: string): Promise<void> {
  await asRoot(port, (root) => root.query(`CREATE DATABASE \`${database}\``));
  const session = openSession({
    endpoint: endpointAt(port),
    database,
    projectId: undefined,
    timing: REAL_TIME,
    clock: () => new Date(),
    retryMaxMs: 10_000,
    newId: () => uuidv7(),
    signal: new AbortController().signal,
    note: () => {},
    startHint: () => command`bd server start`,
  });
  const migrations = readMigrations(join(import.meta.dirname, "../../migrations"));
  await session.migrate((connection) => applyMigrations(connection, migrations, { author, say: () => {} }));
  session.close();
  const copy = `${template}.${randomUUID()}`;
  cpSync(join(dataDirOf(port), database), copy, { recursive: true });
  // Another worker may have been faster; the copies are equal.
  if (!existsSync(template)) renameSync(copy, template);
}

function dataDirOf(port: number): string {
  const folder = inject("doltServers").find((server) => server.port === port)?.dataDir ?? dataDirAt(port);
  if (folder === undefined) throw new Error(`the server at port ${port} is not of this run`);
  return folder;
}
