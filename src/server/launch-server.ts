import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { BdError, command, interrupted } from "../errors.ts";
import { type ChildProcess, childEnvironment, lastLines, startProgram } from "../host/child-process.ts";
import { errnoOf } from "../host/errno.ts";
import type { DoltBinary } from "./dolt/find-dolt.ts";
import { type OwnServer, recordServer } from "./pid-file.ts";
import { probePort } from "./probe-port.ts";
import { inspectProcess } from "./process-identity.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import type { ServerPaths } from "./server-paths.ts";

export interface Launch {
  readonly paths: ServerPaths;
  readonly dolt: DoltBinary;
  readonly host: string;
  readonly port: number;
  readonly readyTimeoutMs: number;
}

export const POLL_MS = 50;
const END_TIMEOUT_MS = 30_000;
const SHOWN_LOG_LINES = 8;

/** Starts the process, records it in the pid file, waits until it answers. The caller holds the claim on that file. */
export async function launchServer(environment: ServerEnvironment, launch: Launch): Promise<OwnServer> {
  const { paths, dolt, host, port } = launch;
  const log = await open(paths.logFile, "a", 0o600);
  const logStart = (await log.stat()).size;
  const child = startProgram(dolt.path, serverArguments(launch), {
    detached: true,
    // Not the caller's folder, which a server would hold busy.
    cwd: paths.dataDir,
    env: serverVariables(environment),
    stdio: ["ignore", log.fd, log.fd],
  });
  try {
    await once(child, "spawn");
  } catch (error) {
    const reason = errnoOf(error) ?? "unknown error";
    throw new BdError("unavailable", "SERVER_FAILED", `${dolt.path} does not start (${reason})`, {
      hint: command`bd server install`,
      cause: error,
    });
  } finally {
    await log.close();
  }
  const started: StartingServer = { ...launch, child, logStart, deadline: performance.now() + launch.readyTimeoutMs };
  try {
    const pid = child.pid ?? 0;
    const identity = await inspectProcess(environment, pid);
    const processStarted = identity?.startedAt ?? "";
    const place = { host, port, dataDir: paths.dataDir, doltPath: dolt.path, doltVersion: dolt.version };
    const server: OwnServer = { pid, processStarted, ...place };
    await recordServer(paths, server);
    await untilItAnswers(environment, started);
    return server;
  } catch (error) {
    await endChild(child);
    throw error;
  } finally {
    child.unref();
  }
}

interface StartingServer extends Launch {
  readonly child: ChildProcess;
  /** Where this start's lines begin in the log. */
  readonly logStart: number;
  readonly deadline: number;
}

function serverArguments(launch: Launch): string[] {
  const { host, port, paths } = launch;
  return ["sql-server", "--host", host, "--port", String(port), "--no-auto-commit", "--data-dir", paths.dataDir];
}

/** Secrets of the person who types `bd server start` would stay in the server, for everybody who connects. */
function serverVariables({ env }: ServerEnvironment): Record<string, string | undefined> {
  return {
    // Dolt sends usage events home unless told not to; whoever wants that sets the variable.
    DOLT_DISABLE_EVENT_FLUSH: "true",
    // A new server takes root's first password from it.
    ...childEnvironment(env, { DOLT_ROOT_PASSWORD: env["DOLT_ROOT_PASSWORD"] }),
  };
}

async function untilItAnswers(environment: ServerEnvironment, started: StartingServer): Promise<void> {
  const { child, host, port, paths } = started;
  for (;;) {
    if (hasExited(child)) throw await exitedEarly(started);
    if (environment.signal?.aborted === true) throw interrupted("Interrupted while our server started");
    // Both, because somebody else may have got hold of the port in the meantime and answer in its place.
    if ((await listens(paths, child.pid)) && (await probePort({ host, port })).kind === "mysql") return;
    if (performance.now() > started.deadline) throw await tooSlow(started);
    await delay(POLL_MS);
  }
}

async function listens(paths: ServerPaths, pid: number | undefined): Promise<boolean> {
  try {
    return (await readFile(paths.doltInfoFile, "utf8")).startsWith(`${pid}:`);
  } catch {
    return false; // dolt writes it once it listens
  }
}

async function exitedEarly(started: StartingServer): Promise<BdError> {
  const { exitCode, signalCode } = started.child;
  const how = signalCode === null ? `exit code ${exitCode}` : signalCode;
  return withLog(started, "SERVER_FAILED", `dolt sql-server ended (${how}) before it answered`);
}

async function tooSlow(started: StartingServer): Promise<BdError> {
  const seconds = Math.round(started.readyTimeoutMs / 1000);
  return withLog(
    started,
    "SERVER_START_TIMEOUT",
    `dolt sql-server did not answer within ${seconds} s and was ended again`,
  );
}

async function withLog(started: StartingServer, code: string, what: string): Promise<BdError> {
  const path = started.paths.logFile;
  const text = (await readFile(path)).subarray(started.logStart).toString("utf8");
  const lines = lastLines(text, SHOWN_LOG_LINES);
  const shown = lines.map((line) => `\n  ${line}`).join("");
  return new BdError("unavailable", code, `${what}; its log ${path} ends in:${shown || " nothing"}`, {
    hint: command`bd server logs`,
    details: { log_file: path, log: lines },
  });
}

/** Asks it to end and waits a while. Never SIGKILL: it may be in the middle of its data. */
async function endChild(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await Promise.race([exited, delay(END_TIMEOUT_MS, undefined, { ref: false })]);
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
