import { access, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { BdError, command } from "../../errors.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { databaseState, isSame } from "./database-state.ts";
import { doltSql, quoted, type SqlPlace } from "./dolt-sql.ts";
import type { StagedDatabase } from "./stage-database.ts";

/** Where dolt keeps databases that were dropped; what lies there a running server takes up when it is told to. */
const DROPPED = ".dolt_dropped_databases";

/**
 * Moves a copy to its place in our data folder, in one step; a server that runs is asked to take it up, and looked into
 * by its own word. Returns whether the server has it: one that would not take it up will have it when it starts again.
 *
 * Throws BdError internal ADOPTED_DIFFERS; errors of the file system.
 */
export async function placeDatabase(
  environment: ServerEnvironment,
  place: SqlPlace,
  staged: StagedDatabase,
): Promise<boolean> {
  const { name, path } = staged;
  const target = join(place.folder, name);
  const dropped = join(place.folder, DROPPED, name);
  // A database of that name that was dropped here may be wanted back.
  if (place.server === undefined || (await isThere(dropped))) {
    await rename(path, target);
    return place.server === undefined;
  }
  await mkdir(join(place.folder, DROPPED), { recursive: true });
  await rename(path, dropped);
  try {
    await doltSql(environment, place, [`CALL dolt_undrop(${quoted(name)})`]);
  } catch (error) {
    if (await isThere(dropped)) await rename(dropped, target);
    if (environment.signal?.aborted === true) throw error;
    return false;
  }
  if (!isSame(await databaseState(environment, place, name), staged.state)) throw differs(name);
  return true;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function differs(name: string): BdError {
  return new BdError(
    "internal",
    "ADOPTED_DIFFERS",
    `the server shows another '${name}' than the copy that it was given; the old folder is as it was`,
    { hint: command`bd server status`, details: { database: name } },
  );
}
