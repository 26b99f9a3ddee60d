import { join, resolve } from "node:path";
import { BdError, type CommandLine, command } from "../../errors.ts";
import { findOnPath } from "../../host/find-program.ts";
import { xdgFolder } from "../../host/xdg-folder.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { checkDolt, MINIMUM_DOLT_VERSION } from "./dolt-version.ts";

export interface DoltBinary {
  /** Absolute. */
  readonly path: string;
  /** `1.83.2` */
  readonly version: string;
  readonly source: "BEADS_DOLT_BIN" | "PATH" | "cache";
}

/** A `dolt` on PATH that is too old; kept for the message when there is no other. */
export interface RefusedDolt {
  readonly path: string;
  readonly version: string;
}

export interface DoltSearch {
  readonly found?: DoltBinary;
  readonly refused?: RefusedDolt;
}

/** Where binaries that we obtained are kept: one folder per version. */
export function doltCache(environment: Pick<ServerEnvironment, "env" | "home">): string {
  return join(xdgFolder("cache", environment), "beads", "dolt");
}

export function cachedDolt(environment: Pick<ServerEnvironment, "env" | "home">): string {
  return join(doltCache(environment), MINIMUM_DOLT_VERSION, "dolt");
}

/**
 * Returns the `dolt` to use: `BEADS_DOLT_BIN`, else the first on PATH, else the one in our cache. Says each step.
 *
 * @throws BdError `config` DOLT_BIN_UNUSABLE, `unavailable` DOLT_NOT_FOUND or DOLT_TOO_OLD
 */
export async function findDolt(environment: ServerEnvironment): Promise<DoltBinary> {
  const { found, refused } = await searchDolt(environment);
  if (found !== undefined) return found;
  if (refused !== undefined) throw tooOld(refused, command`bd server install`);
  throw new BdError("unavailable", "DOLT_NOT_FOUND", "There is no dolt on PATH nor in our cache", {
    hint: command`bd server install`,
    details: { cache: cachedDolt(environment), minimum_version: MINIMUM_DOLT_VERSION },
  });
}

/** As `findDolt`, but finding none is a result. A `BEADS_DOLT_BIN` that can't be used is an error all the same. */
export async function searchDolt(environment: ServerEnvironment): Promise<DoltSearch> {
  const named = environment.env.BEADS_DOLT_BIN;
  if (named) return { found: await namedDolt(environment, resolve(named)) };

  const onPath = await findOnPath(environment, "dolt");
  let refused: RefusedDolt | undefined;
  if (onPath === undefined) {
    environment.say("No dolt on PATH");
  } else {
    const check = await checkDolt(environment, onPath);
    if (check.kind === "supported") return { found: { path: onPath, version: check.version, source: "PATH" } };
    if (check.kind === "too-old") refused = { path: onPath, version: check.version };
    const why = check.kind === "too-old" ? `is ${check.version}, older than ${MINIMUM_DOLT_VERSION}` : check.why;
    environment.say(`The dolt on PATH is not used: ${onPath} ${why}`);
  }

  const cached = cachedDolt(environment);
  const check = await checkDolt(environment, cached);
  if (check.kind === "supported") return { found: { path: cached, version: check.version, source: "cache" } };
  environment.say(`No usable dolt in our cache (${cached})`);
  return refused === undefined ? {} : { refused };
}

async function namedDolt(environment: ServerEnvironment, path: string): Promise<DoltBinary> {
  const check = await checkDolt(environment, path);
  const hint = command`env -u BEADS_DOLT_BIN bd server install`;
  if (check.kind === "too-old") throw tooOld({ path, version: check.version }, hint);
  if (check.kind === "unusable") {
    throw new BdError("config", "DOLT_BIN_UNUSABLE", `BEADS_DOLT_BIN can't be used: ${path} ${check.why}`, {
      hint,
      details: { path },
    });
  }
  return { path, version: check.version, source: "BEADS_DOLT_BIN" };
}

function tooOld(refused: RefusedDolt, hint: CommandLine): BdError {
  return new BdError(
    "unavailable",
    "DOLT_TOO_OLD",
    `${refused.path} is dolt ${refused.version}, and ${MINIMUM_DOLT_VERSION} or newer is needed`,
    { hint, details: { path: refused.path, version: refused.version, minimum_version: MINIMUM_DOLT_VERSION } },
  );
}
