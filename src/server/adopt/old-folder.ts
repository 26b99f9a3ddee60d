import { realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { BdError, command } from "../../errors.ts";
import { pathsIn } from "../../host/files-in.ts";
import { isInside } from "../../host/is-inside.ts";
import { statsIfSeen } from "../../host/read-file.ts";

/** A data folder that is not ours, with the databases in it. */
export interface OldDataFolder {
  readonly path: string;
  /** Names of databases, which are those of their folders; sorted. */
  readonly databases: readonly string[];
}

/** Where programs of the family keep a project's databases, below its folder or its `.beads`. */
const USUAL_PLACES = [".", ".beads/dolt", "dolt", ".beads/embeddeddolt", "embeddeddolt"];

/**
 * The data folder that is named, or that lies in the project that is named.
 * Throws BdError usage DATA_FOLDER_EMPTY, DATA_FOLDER_OURS.
 */
export function findOldFolder(named: string, ourDataDir: string): OldDataFolder {
  for (const place of USUAL_PLACES) {
    const path = join(named, place);
    const databases = databasesIn(path);
    if (databases.length === 0) continue;
    refuseOurs(path, ourDataDir);
    return { path, databases };
  }
  throw new BdError(
    "usage",
    "DATA_FOLDER_EMPTY",
    `${named} holds no Dolt database, and neither do .beads/dolt and .beads/embeddeddolt in it`,
    { hint: command`bd server status`, details: { path: named } },
  );
}

function databasesIn(folder: string): string[] {
  return pathsIn(folder)
    .filter((path) => !basename(path).startsWith(".") && isFolder(join(path, ".dolt", "noms")))
    .map((path) => basename(path))
    .toSorted();
}

function isFolder(path: string): boolean {
  return statsIfSeen(path)?.isDirectory() === true;
}

function refuseOurs(path: string, ourDataDir: string): void {
  if (!isFolder(ourDataDir)) return;
  const [old, ours] = [realpathSync(path), realpathSync(ourDataDir)];
  if (old !== ours && !isInside(old, ours) && !isInside(ours, old)) return;
  throw new BdError("usage", "DATA_FOLDER_OURS", `${path} is our server's data folder already, or lies within it`, {
    hint: command`bd server status`,
    details: { path },
  });
}
