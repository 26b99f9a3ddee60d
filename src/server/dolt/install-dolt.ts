import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BdError, command } from "../../errors.ts";
import { errnoOf } from "../../host/errno.ts";
import { findOnPath } from "../../host/find-program.ts";
import { inspectProcess } from "../process-identity.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { buildDolt } from "./build-dolt.ts";
import { checkDolt, MINIMUM_DOLT_VERSION } from "./dolt-version.ts";
import { downloadDolt } from "./download-dolt.ts";
import { cachedDolt, type DoltBinary, doltCache, searchDolt } from "./find-dolt.ts";

/**
 * Returns the `dolt` that `findDolt` finds, and else obtains the pinned version into our cache: unpacked from the official
 * release archive, or, where that can't be had, built with Go. `BEADS_DOLT_OBTAIN=build` builds first. Says each step.
 *
 * @throws BdError `config` DOLT_BIN_UNUSABLE, DOLT_RELEASE_URL_INVALID; `unavailable` DOLT_TOO_OLD (BEADS_DOLT_BIN),
 *   DOLT_DOWNLOAD_FAILED, DOLT_ARCHIVE_BROKEN, DOLT_PLATFORM_UNSUPPORTED, TAR_NOT_FOUND, DISK_FULL, CACHE_UNUSABLE;
 *   `interrupted`
 */
export async function findOrInstallDolt(environment: ServerEnvironment): Promise<DoltBinary> {
  const { found } = await searchDolt(environment);
  return found ?? (await installDolt(environment));
}

async function installDolt(environment: ServerEnvironment): Promise<DoltBinary> {
  const workDir = await makeWorkDir(environment);
  try {
    const built = await obtain(environment, workDir);
    const path = cachedDolt(environment);
    await mkdir(dirname(path), { recursive: true });
    // Same file system, so whoever looks finds a whole binary or none.
    await rename(built, path);
    environment.say(`Installed dolt ${MINIMUM_DOLT_VERSION}: ${path}`);
    return { path, version: MINIMUM_DOLT_VERSION, source: "cache" };
  } finally {
    // A compiler that Ctrl-C ended may still write for a moment.
    await rm(workDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** What a release can't give, and a build may. Not among them: an archive with another digest than it should have. */
const BUILD_MAY_HELP: ReadonlySet<string> = new Set([
  "DOLT_DOWNLOAD_FAILED",
  "DOLT_ARCHIVE_BROKEN",
  "DOLT_PLATFORM_UNSUPPORTED",
  "TAR_NOT_FOUND",
]);

async function obtain(environment: ServerEnvironment, workDir: string): Promise<string> {
  if (environment.env.BEADS_DOLT_OBTAIN === "build") {
    const built = await fromSource(environment, workDir);
    if (built !== undefined) return built;
    environment.say("Taking the release archive instead");
    return fromRelease(environment, workDir);
  }
  try {
    return await fromRelease(environment, workDir);
  } catch (error) {
    if (!(error instanceof BdError) || !BUILD_MAY_HELP.has(error.code)) throw error;
    environment.say(error.message);
    const built = await fromSource(environment, workDir);
    if (built === undefined) throw error;
    return built;
  }
}

async function fromSource(environment: ServerEnvironment, workDir: string): Promise<string | undefined> {
  const go = await findOnPath(environment, "go");
  if (go === undefined) {
    environment.say("No Go on PATH to build dolt with");
    return undefined;
  }
  const built = await buildDolt(environment, { go, workDir });
  if (built !== undefined && (await isWanted(environment, built))) return built;
  environment.say("The build did not give a working dolt");
  return undefined;
}

async function fromRelease(environment: ServerEnvironment, workDir: string): Promise<string> {
  const path = await downloadDolt(environment, workDir);
  if (await isWanted(environment, path)) return path;
  throw new BdError(
    "unavailable",
    "DOLT_ARCHIVE_BROKEN",
    `The dolt of the release archive does not run here as version ${MINIMUM_DOLT_VERSION}`,
    { hint: command`bd server install`, details: { platform: environment.platform, arch: environment.arch } },
  );
}

async function isWanted(environment: ServerEnvironment, path: string): Promise<boolean> {
  const check = await checkDolt(environment, path);
  return check.kind === "supported" && check.version === MINIMUM_DOLT_VERSION;
}

/** A folder beside the final place. Removes those that a killed install left: a build leaves gigabytes. */
async function makeWorkDir(environment: ServerEnvironment): Promise<string> {
  const cache = doltCache(environment);
  try {
    await mkdir(cache, { recursive: true });
    for (const name of await readdir(cache)) {
      const pid = /^work-(\d+)-/u.exec(name)?.[1];
      if (pid === undefined || (await inspectProcess(environment, Number(pid))) !== undefined) continue;
      await rm(join(cache, name), { recursive: true, force: true });
    }
    return await mkdtemp(join(cache, `work-${environment.pid}-`));
  } catch (error) {
    const reason = errnoOf(error) ?? "unknown error";
    throw new BdError("unavailable", "CACHE_UNUSABLE", `Our cache folder ${cache} can't be written (${reason})`, {
      hint: command`bd server install`,
      details: { cache, reason },
      cause: error,
    });
  }
}
