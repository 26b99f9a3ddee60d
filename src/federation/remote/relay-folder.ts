import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { BdError, command } from "../../errors.ts";
import { errnoOf } from "../../host/errno.ts";
import { xdgFolder } from "../../host/xdg-folder.ts";
import { RELAY_PREFIX } from "./remotes.ts";

/** Where a person's relays for one database of one server are kept. */
export interface RelayPlace {
  /** Twelve hexadecimal digits. */
  readonly id: string;
  /** Absolute; one folder per generation is in it. */
  readonly folder: string;
}

/**
 * One try at a relay. A store is never deleted or used again once the server may have lost track of it, because a
 * running server keeps it in memory: there is a new generation then.
 */
export interface Generation {
  readonly folder: string;
  /** The name under which the server knows the store. */
  readonly remote: string;
  readonly storeUrl: string;
  readonly store: string;
  /** The repository in which our dolt processes work. */
  readonly scratch: string;
  readonly doltHome: string;
}

/** `$XDG_STATE_HOME/beads/relay`, or below `~/.local/state`. */
export function relayRoot(environment: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}): string {
  return join(xdgFolder("state", environment), "beads", "relay");
}

/** The person is in `root`. */
export function relayPlace(root: string, server: string, database: string): RelayPlace {
  const id = createHash("sha256").update([root, server, database.toLowerCase()].join("\0")).digest("hex").slice(0, 12);
  return { id, folder: join(root, id) };
}

export function generation(place: RelayPlace, number: number): Generation {
  const folder = join(place.folder, String(number));
  const store = join(folder, "store");
  return {
    folder,
    remote: `${RELAY_PREFIX}${place.id}-${number}`,
    store,
    storeUrl: pathToFileURL(store).href,
    scratch: join(folder, "scratch"),
    doltHome: join(place.folder, "dolt-home"),
  };
}

/** The number of a generation by its name at the server; undefined for remotes that are no relay of this place. */
export function generationNumber(place: RelayPlace, remote: string): number | undefined {
  const lead = `${RELAY_PREFIX}${place.id}-`;
  const number = remote.startsWith(lead) ? remote.slice(lead.length) : "";
  return /^\d+$/.test(number) ? Number(number) : undefined;
}

/** The relay can't have its folder. */
export function unusableFolder(why: string, cause?: unknown): BdError {
  return new BdError("config", "RELAY_FOLDER", why, { hint: command`XDG_STATE_HOME=FOLDER bd dolt fetch`, cause });
}

export function isUnusableFolder(error: unknown): error is BdError {
  return error instanceof BdError && error.code === "RELAY_FOLDER";
}

/** The generations that have a folder, ready or not. Throws BdError config RELAY_FOLDER. */
export async function generationsOnDisk({ folder }: RelayPlace): Promise<number[]> {
  // Dolt decodes a URL once more than it was encoded.
  if (/[%?#\\]/.test(folder)) {
    throw unusableFolder(`Dolt finds no folder with a "%", "?", "#" or "\\" in its name, as in ${folder}`);
  }
  await makePrivateFolder(folder);
  const names = await usable(folder, () => readdir(folder));
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/**
 * Makes a folder and those above it, one by one: Node's own way goes on for ever where one can't be made in a folder that
 * is there, as in `/proc`. Throws BdError config RELAY_FOLDER.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  const above = dirname(folder);
  if (above !== folder && !existsSync(above)) await makePrivateFolder(above);
  await usable(folder, async () => {
    try {
      await mkdir(folder, { mode: 0o700 });
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
  });
}

/** The last thing that is done about a new generation: one that was cut off has no mark. Throws BdError config RELAY_FOLDER. */
export async function markReady({ folder }: Generation, what = "ready"): Promise<void> {
  await usable(folder, () => writeFile(join(folder, what), ""));
}

async function usable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unusableFolder(`the folder ${folder} can't be written (${errnoOf(error) ?? "unknown error"})`, error);
  }
}

export function isReady({ folder }: Generation, what = "ready"): boolean {
  return existsSync(join(folder, what));
}
