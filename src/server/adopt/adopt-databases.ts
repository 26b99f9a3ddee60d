import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { BdError, command } from "../../errors.ts";
import { pathsIn } from "../../host/files-in.ts";
import { dataHolder } from "../data-holder.ts";
import type { DoltBinary } from "../dolt/find-dolt.ts";
import { inspectProcess } from "../process-identity.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { serverPaths } from "../server-paths.ts";
import { type DatabaseState, holdsAll } from "./database-state.ts";
import { localServer, type SqlPlace } from "./dolt-sql.ts";
import { refuseHeldFolder } from "./folder-holder.ts";
import { findOldFolder, type OldDataFolder } from "./old-folder.ts";
import { placeDatabase } from "./place-database.ts";
import { type StagedDatabase, stageDatabase } from "./stage-database.ts";

export interface AdoptOptions {
  /** A data folder, or a project in which one lies; absolute. */
  readonly folder: string;
  /** Those to take; all where none is named. */
  readonly only: readonly string[];
  /** Copy and verify, and throw the copies away. */
  readonly dryRun: boolean;
  /** Remove the old folders of databases that are verified in ours. */
  readonly removeOld: boolean;
  readonly dolt: DoltBinary;
}

export interface Adoption {
  /** The old data folder. */
  readonly from: string;
  readonly dataDir: string;
  readonly databases: readonly AdoptedDatabase[];
  /** The server that works on our data folder now. */
  readonly serverPid: number | undefined;
}

export interface AdoptedDatabase {
  readonly name: string;
  /** `there`: ours holds all that the old one does, from an earlier time. */
  readonly outcome: "adopted" | "there";
  readonly bytes: number;
  readonly state: DatabaseState;
  /** False where the running server has to start again before it sees it. */
  readonly isServed: boolean;
  readonly isOldRemoved: boolean;
}

const STAGE = ".bd-adopt-";

/**
 * Takes databases of another data folder into ours: all are copied and verified before the first is moved to its place.
 * Killed at any moment, it leaves the old folder whole, and in ours whole databases only.
 *
 * Throws as `findOldFolder`, `refuseHeldFolder`, `stageDatabase` and `placeDatabase`; BdError rejected
 * DATABASE_NAME_TAKEN, not-found DATABASE_NOT_FOUND.
 */
export async function adoptDatabases(environment: ServerEnvironment, options: AdoptOptions): Promise<Adoption> {
  const { dataDir, doltInfoFile } = serverPaths(environment);
  const found = findOldFolder(options.folder, dataDir);
  const old = { ...found, databases: chosen(found, options.only) };
  await refuseHeldFolder(environment, old);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await removeLeftStages(environment, dataDir);
  const serverPid = await dataHolder(environment);
  const server = serverPid === undefined ? undefined : await localServer(doltInfoFile);
  const place: SqlPlace = { dolt: options.dolt, folder: dataDir, server };
  const stage = join(dataDir, `${STAGE}${environment.pid}`);
  try {
    const staged: StagedDatabase[] = [];
    for (const name of old.databases) {
      environment.say(`Copying ${join(old.path, name)}`);
      staged.push(await stageDatabase(environment, { from: join(old.path, name), stage, dolt: options.dolt }));
    }
    await refuseHeldFolder(environment, old);
    const present = await alreadyThere(environment, place, staged);
    const databases: AdoptedDatabase[] = [];
    for (const { name, bytes, state } of staged) {
      const copy = staged.find((one) => one.name === name && !present.has(name) && !options.dryRun);
      const isServed = copy === undefined || (await placeDatabase(environment, place, copy));
      const isOldRemoved = options.removeOld && !options.dryRun;
      if (isOldRemoved) await rm(join(old.path, name), { recursive: true });
      databases.push({ name, outcome: present.has(name) ? "there" : "adopted", bytes, state, isServed, isOldRemoved });
    }
    return { from: old.path, dataDir, databases, serverPid };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

function chosen({ path, databases }: OldDataFolder, only: readonly string[]): readonly string[] {
  const missing = only.find((name) => !databases.includes(name));
  if (missing === undefined) return only.length === 0 ? databases : databases.filter((name) => only.includes(name));
  throw new BdError(
    "not-found",
    "DATABASE_NOT_FOUND",
    `there is no database '${missing}' in ${path}, but ${databases.join(", ")}`,
    { hint: command`bd server adopt --dry-run -- ${path}`, details: { database: missing, path } },
  );
}

/** Copies of a run that was killed; those of one that goes on stay. */
async function removeLeftStages(environment: ServerEnvironment, dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(STAGE)) continue;
    const pid = Number(name.slice(STAGE.length));
    if (pid !== environment.pid && (await inspectProcess(environment, pid)) !== undefined) continue;
    await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

/** Names that ours has with all that is in the old. Names differ only in case for Dolt. Throws BdError rejected DATABASE_NAME_TAKEN. */
async function alreadyThere(
  environment: ServerEnvironment,
  place: SqlPlace,
  staged: readonly StagedDatabase[],
): Promise<ReadonlySet<string>> {
  const names = pathsIn(place.folder).map((path) => path.slice(place.folder.length + 1));
  const present = new Set<string>();
  for (const { name, state } of staged) {
    const ours = names.find((other) => other.toLowerCase() === name.toLowerCase());
    if (ours === undefined) continue;
    const isHeld = ours === name && (await holdsAll(environment, { place, database: name, old: state }));
    if (!isHeld) throw nameTaken(ours, place.folder);
    present.add(name);
  }
  return present;
}

function nameTaken(name: string, dataDir: string): BdError {
  return new BdError(
    "rejected",
    "DATABASE_NAME_TAKEN",
    `${dataDir} has a database '${name}' already, without all that the old one holds; nothing was taken over. --database NAME takes others alone`,
    { hint: command`bd server status`, details: { database: name, data_dir: dataDir } },
  );
}
