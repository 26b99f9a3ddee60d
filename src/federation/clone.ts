import { BdError, command } from "../errors.ts";
import { takeLock } from "../store/lock.ts";
import { type Query, query } from "../store/query.ts";
import { identifier, sql } from "../store/sql.ts";
import type { Session } from "../store/store.ts";
import { isJustBegun } from "./compare.ts";
import { folderObstacle, type LadderOptions } from "./ladder.ts";
import { localDolt, REMOTE_WANTS } from "./local-dolt.ts";
import { type Patience, reaching } from "./reach.ts";
import { NotShared } from "./relay.ts";
import { generation, generationsOnDisk, markReady } from "./relay-folder.ts";
import { initScratch, runStatements, statement } from "./relay-process.ts";
import { classifyRemoteError } from "./remote-errors.ts";
import { addServerRemote, removeServerRemote } from "./remotes.ts";
import { asUser, procedure } from "./server-transport.ts";
import type { RelayObstacle } from "./transport.ts";

export interface CloneOptions extends Omit<LadderOptions, "session" | "branch"> {
  /** On any database of the server: the new one is not there yet. */
  readonly outside: Session;
  /** On the new database, once it is there. */
  readonly inside: Session;
  readonly database: string;
  readonly patience: Patience;
}

/** `empty`: nothing was ever pushed there. `exists`: somebody made a database of that name in the meantime. */
export type Cloned = "cloned" | "empty" | "exists";

const BRANCH = "main";

/**
 * Makes a database of the server from a remote, by the first rung of the ladder that can be gone. Afterwards the server
 * knows the remote under its name, with its branch fetched. Throws BdError.
 */
export async function cloneRemote(options: CloneOptions): Promise<Cloned> {
  const { inside, outside, database } = options;
  const cloned = await cloneByLadder(options);
  if (cloned !== "cloned") return cloned;
  if (!(await isJustBegun(inside))) return cloned;
  // A tracker that followed it would look related to all others that do, and be none of them.
  await outside.call(dropClone(database));
  return "empty";
}

async function cloneByLadder(options: CloneOptions): Promise<Cloned> {
  const { remote, credentials, detail, patience } = options;
  const { user, password } = credentials;
  const again = ["bd", "init", `--remote=${remote.url.text}`];
  const byServer = { remote, user, rung: "server-password", again } as const;
  if (remote.url.needs !== "password") {
    detail(`${remote.url.text} asks for ${REMOTE_WANTS[remote.url.needs]}: the server clones`);
    return reaching({ ...byServer, user: undefined, rung: "server" }, patience, () =>
      cloneByServer(options, undefined),
    );
  }
  let relayObstacle: RelayObstacle | undefined;
  if (user !== undefined && password !== undefined) {
    const dolt = await localDolt(options);
    if (typeof dolt === "string") {
      detail(`the relay clones, as user '${user}' with the password of your shell`);
      const way = { ...byServer, rung: "relay" } as const;
      const done = await reaching(way, patience, () => cloneOrObstacle(options, { dolt, user, password }));
      if (typeof done === "string") return done;
      relayObstacle = done;
    } else relayObstacle = dolt;
    detail(`the relay is passed over: ${relayObstacle.why}`);
  }
  detail("the server clones, with the password of its own environment");
  return reaching({ ...byServer, relayObstacle }, patience, () => cloneByServer(options, user));
}

async function cloneByServer(options: CloneOptions, user: string | undefined): Promise<Cloned> {
  const { outside, inside, remote, database } = options;
  const { name, url } = remote;
  try {
    await outside.call(procedure("DOLT_CLONE", ["--remote", name, "-b", BRANCH, ...asUser(user), url.dolt, database]));
  } catch (error) {
    return outcomeOf(error);
  }
  if (user === undefined) return "cloned";
  // A clone remembers its user, who would then stand in for everybody who pushes.
  await inside.call(removeServerRemote(name));
  await inside.call(addServerRemote(name, url.dolt));
  await inside.call(procedure("DOLT_FETCH", ["--user", user, name, BRANCH]));
  return "cloned";
}

async function cloneOrObstacle(options: CloneOptions, own: OwnDolt): Promise<Cloned | RelayObstacle> {
  try {
    return await cloneByRelay(options, own);
  } catch (error) {
    const obstacle = folderObstacle(error, options.relay.place);
    if (obstacle !== undefined) return obstacle;
    throw error;
  }
}

interface OwnDolt {
  readonly dolt: string;
  readonly user: string;
  readonly password: string;
}

/** Our dolt fills a store, and the server clones that. */
async function cloneByRelay(options: CloneOptions, { dolt, user, password }: OwnDolt): Promise<Cloned> {
  const { outside, inside, remote, database, relay, signal } = options;
  const lock: Query<boolean> = takeLock(`${relay.place.id}:relay`);
  if (!(await outside.call(lock))) throw cloning();
  const at = generation(relay.place, Math.max(0, ...(await generationsOnDisk(relay.place))) + 1);
  const dir = { dolt, folder: at.scratch, doltHome: at.doltHome, env: relay.env, signal };
  await initScratch(dir);
  const filling = [
    statement`call dolt_remote('add', 'origin', ${at.storeUrl})`,
    statement`call dolt_remote('add', 'up', ${remote.url.dolt})`,
    statement`call dolt_fetch('--user', ${user}, 'up', ${BRANCH})`,
    statement`call dolt_push('origin', ${`up/${BRANCH}:${BRANCH}`})`,
  ];
  try {
    await runStatements(dir, filling, password);
  } catch (error) {
    return outcomeOf(error);
  }
  try {
    await outside.call(procedure("DOLT_CLONE", ["--remote", at.remote, "-b", BRANCH, at.storeUrl, database]));
  } catch (error) {
    // The store was filled: a server that finds it empty, or can't read it, looks at another folder.
    const failure = error instanceof BdError ? undefined : classifyRemoteError(error);
    if (failure === "empty" || failure === "other") throw new NotShared();
    return outcomeOf(error);
  }
  await markReady(at);
  await inside.call(addServerRemote(remote.name, remote.url.dolt));
  const refs = `refs/heads/${BRANCH}:refs/remotes/${remote.name}/${BRANCH}`;
  await inside.call(procedure("DOLT_FETCH", [at.remote, refs]));
  return "cloned";
}

function outcomeOf(error: unknown): Cloned {
  const failure = error instanceof BdError ? undefined : classifyRemoteError(error);
  if (failure === "exists" || failure === "empty") return failure;
  throw error;
}

/** Takes back a clone that turned out to be of no use. Only for a database that this very command has made. */
export function dropClone(database: string): Query<void> {
  return query(sql`DROP DATABASE ${identifier(database)}`, () => {});
}

function cloning(): BdError {
  return new BdError("unavailable", "RELAY_BUSY", "another transfer of yours from this remote has not ended", {
    hint: command`bd init`,
  });
}
