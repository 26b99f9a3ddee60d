import { createWriteStream } from "node:fs";
import { chmod, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BdError, command, interrupted } from "../../errors.ts";
import { lastLines, runTool } from "../../host/child-process.ts";
import { errnoOf } from "../../host/errno.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { sayStillWorking } from "../still-working.ts";
import { MINIMUM_DOLT_VERSION } from "./dolt-version.ts";
import { fetchSecurely } from "./fetch-securely.ts";
import { checkDigest } from "./release-digests.ts";

const RELEASES = "https://github.com/dolthub/dolt/releases/download";
const PLATFORMS: ReadonlySet<string> = new Set(["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"]);
// Below this the disk counts as full when unpacking fails, since tar's words differ from system to system.
const FULL_DISK_BYTES = 1024 * 1024;

/**
 * Downloads the official release archive into `workDir`, unpacks the binary there, and returns its path. Shows the URL
 * first. `BEADS_DOLT_RELEASE_URL` replaces the part before `/v1.83.2/dolt-….tar.gz`.
 *
 * @throws BdError as listed at `findOrInstallDolt`
 */
export async function downloadDolt(environment: ServerEnvironment, workDir: string): Promise<string> {
  const name = archiveName(environment);
  const url = archiveUrl(environment, name);
  environment.say(`Downloading ${url.href}`);
  const archive = join(workDir, "dolt.tar.gz");
  await sayStillWorking(environment, "downloading dolt", download(environment, url, archive));
  await checkDigest(environment, { archive, key: `${MINIMUM_DOLT_VERSION}/${name}` });
  environment.say("Unpacking it");
  const member = `${name}/bin/dolt`;
  await unpack(environment, { archive, member, workDir });
  const binary = join(workDir, member);
  await chmod(binary, 0o755);
  return binary;
}

/** `dolt-linux-amd64`: name of the archive and of the folder in it. */
function archiveName(environment: ServerEnvironment): string {
  const arch = environment.arch === "x64" ? "amd64" : environment.arch;
  const platform = `${environment.platform}-${arch}`;
  if (PLATFORMS.has(platform)) return `dolt-${platform}`;
  throw new BdError(
    "unavailable",
    "DOLT_PLATFORM_UNSUPPORTED",
    `There is no dolt release archive that we know for ${environment.platform} on ${environment.arch}`,
    { hint: command`BEADS_DOLT_BIN=/path/to/dolt bd server start`, details: { platform } },
  );
}

function archiveUrl(environment: ServerEnvironment, name: string): URL {
  const base = (environment.env.BEADS_DOLT_RELEASE_URL || RELEASES).replace(/\/+$/u, "");
  const url = URL.parse(`${base}/v${MINIMUM_DOLT_VERSION}/${name}.tar.gz`);
  // A URL with a password in it must not be shown, and we show every URL.
  if (url !== null && url.username === "" && url.password === "") return url;
  const what = url === null ? "is not a URL" : "must not contain a user or a password";
  throw new BdError("config", "DOLT_RELEASE_URL_INVALID", `BEADS_DOLT_RELEASE_URL ${what}`, {
    hint: command`env -u BEADS_DOLT_RELEASE_URL bd server install`,
  });
}

async function download(environment: ServerEnvironment, url: URL, file: string): Promise<void> {
  const { signal } = environment;
  try {
    const response = await fetchSecurely(url, signal);
    if (!response.ok || response.body === null) throw badStatus(url, response.status);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file, { mode: 0o600 }), { signal });
  } catch (error) {
    if (error instanceof BdError) throw error;
    if (signal?.aborted === true) throw interrupted("Interrupted while dolt was downloaded");
    if (errnoOf(error) === "ENOSPC") throw diskFull(file);
    // fetch says only "fetch failed", or "terminated" halfway; the reason is the cause.
    const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = errnoOf(inner) ?? (inner instanceof Error ? inner.message : "unknown error");
    throw new BdError("unavailable", "DOLT_DOWNLOAD_FAILED", `Downloading ${url.href} failed (${reason})`, {
      hint: command`bd server install`,
      details: { url: url.href, reason },
      cause: error,
    });
  }
}

function badStatus(url: URL, status: number): BdError {
  const what = status === 404 ? "There is no such file" : "The server refused";
  return new BdError("unavailable", "DOLT_DOWNLOAD_FAILED", `${what}: ${url.href} (HTTP ${status})`, {
    hint: command`bd server install`,
    details: { url: url.href, status },
  });
}

interface Unpacking {
  readonly archive: string;
  /** Only this file of the archive is written. */
  readonly member: string;
  readonly workDir: string;
}

async function unpack(environment: ServerEnvironment, unpacking: Unpacking): Promise<void> {
  const { archive, member, workDir } = unpacking;
  const result = await runTool(environment, { path: "tar", args: ["-xzf", archive, "-C", workDir, member] });
  if (result.kind === "ended" && result.exitCode === 0) return;
  if (result.kind === "unrunnable") {
    throw new BdError("unavailable", "TAR_NOT_FOUND", `The program tar does not run (${result.reason})`, {
      hint: command`BEADS_DOLT_BIN=/path/to/dolt bd server start`,
    });
  }
  const { bavail, bsize } = await statfs(workDir);
  if (bavail * bsize < FULL_DISK_BYTES) throw diskFull(workDir);
  const reason = lastLines(result.stderr, 1)[0] ?? `exit code ${result.exitCode}`;
  throw new BdError("unavailable", "DOLT_ARCHIVE_BROKEN", `The dolt archive is truncated or damaged (${reason})`, {
    hint: command`bd server install`,
    details: { member, reason },
  });
}

function diskFull(path: string): BdError {
  return new BdError("unavailable", "DISK_FULL", `The disk is full: dolt needs about 200 MB at ${path}`, {
    hint: command`XDG_CACHE_HOME=/path/on/a/larger/disk bd server install`,
    details: { path },
  });
}
