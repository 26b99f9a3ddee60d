import { mkdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { BdError, command, interrupted } from "../errors.ts";
import { errnoOf } from "../host/errno.ts";
import type { DoltBinary } from "./dolt/find-dolt.ts";
import { launchServer, POLL_MS } from "./launch-server.ts";
import { claimPidFile, type OwnServer, readPidFile, removePidFile, removeStalePidFile } from "./pid-file.ts";
import { describeAnswer, type PortAnswer, probePort } from "./probe-port.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import { DEFAULT_HOST, DEFAULT_PORT, type ServerPaths, serverPaths } from "./server-paths.ts";

export interface StartOptions {
  readonly dolt: DoltBinary;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /**
   * Asks by SQL who answers on a port, for the refusal's message: `Dolt 1.83.2`. The greeting alone can't tell Dolt
   * from MySQL.
   */
  readonly identify?: Identify | undefined;
  /** How long the server may take until it answers. */
  readonly readyTimeoutMs?: number | undefined;
}

/** Returns the product and version that answers; undefined, or a rejection, when it would not say. */
export type Identify = (host: string, port: number) => Promise<string | undefined>;

export interface StartedServer {
  readonly outcome: "started" | "already-running";
  readonly server: OwnServer;
}

// Dolt with 20 databases needs half a second; a cold disk and large databases more.
const READY_TIMEOUT_MS = 60_000;

/**
 * Starts our own server and returns when it answers. Harmless when it runs already, and when two start it at once.
 *
 * @throws BdError `unavailable` PORT_TAKEN, SERVER_FAILED, SERVER_START_TIMEOUT; `rejected` SERVER_RUNS_ELSEWHERE;
 *   `config` DATA_DIR_UNUSABLE, DATA_DIR_NOT_ABSOLUTE; `interrupted`
 */
export async function startServer(environment: ServerEnvironment, options: StartOptions): Promise<StartedServer> {
  const paths = serverPaths(environment);
  const { host = DEFAULT_HOST, port = DEFAULT_PORT, readyTimeoutMs = READY_TIMEOUT_MS } = options;
  await makeDataDir(paths);
  const running = await claimOrJoin(environment, paths, { host, port, readyTimeoutMs });
  if (running !== undefined) {
    environment.say(`Our server runs already: ${host}:${port}, pid ${running.pid}`);
    return { outcome: "already-running", server: running };
  }
  try {
    await refuseTakenPort(host, port, options.identify);
    environment.say(`Starting dolt sql-server on ${host}:${port}, data in ${paths.dataDir}`);
    const server = await launchServer(environment, { paths, dolt: options.dolt, host, port, readyTimeoutMs });
    return { outcome: "started", server };
  } catch (error) {
    // A server that would not end stays on record, so that `stop` can try again.
    if ((await readPidFile(environment, paths)).kind !== "running") await removePidFile(paths);
    throw error;
  }
}

/** Completes "… answers", by SQL where that is possible and by the greeting where not. */
export async function whoAnswers(
  endpoint: { readonly host: string; readonly port: number },
  answer: PortAnswer,
  identify: Identify | undefined,
): Promise<string> {
  if (answer.kind !== "mysql" || identify === undefined) return describeAnswer(answer);
  // Whatever keeps it from telling (a password, rights), that it holds the port is the news.
  const name = await identify(endpoint.host, endpoint.port).catch(() => undefined);
  return name ?? describeAnswer(answer);
}

interface Wanted {
  readonly host: string;
  readonly port: number;
  readonly readyTimeoutMs: number;
}

/** Returns the server that runs and answers, or undefined once the pid file is ours. */
async function claimOrJoin(
  environment: ServerEnvironment,
  paths: ServerPaths,
  wanted: Wanted,
): Promise<OwnServer | undefined> {
  const deadline = performance.now() + wanted.readyTimeoutMs;
  for (;;) {
    if (environment.signal?.aborted === true) throw interrupted("Interrupted while waiting for our server");
    const state = await readPidFile(environment, paths);
    switch (state.kind) {
      case "none":
        if (await claimPidFile(environment, paths)) return undefined;
        continue;
      case "stale":
        environment.say(`${state.why}: removing the file`);
        await removeStalePidFile(paths, state.text);
        continue;
      case "running":
        refuseOtherEndpoint(state.server, wanted);
        if ((await probePort(wanted)).kind === "mysql") return state.server;
        break;
      case "starting":
        break;
    }
    if (performance.now() > deadline) {
      throw new BdError(
        "unavailable",
        "SERVER_START_TIMEOUT",
        `Another start of our server has not ended within ${Math.round(wanted.readyTimeoutMs / 1000)} s`,
        { hint: command`bd server logs`, details: { pid_file: paths.pidFile, log_file: paths.logFile } },
      );
    }
    await delay(POLL_MS);
  }
}

function refuseOtherEndpoint(server: OwnServer, wanted: Wanted): void {
  if (server.host === wanted.host && server.port === wanted.port) return;
  throw new BdError(
    "rejected",
    "SERVER_RUNS_ELSEWHERE",
    `Our server runs already (pid ${server.pid}), but on ${server.host}:${server.port} and not on ${wanted.host}:${wanted.port}`,
    { hint: command`bd server status`, details: { pid: server.pid, host: server.host, port: server.port } },
  );
}

/** @throws BdError `unavailable` PORT_TAKEN */
export async function refuseTakenPort(host: string, port: number, identify: Identify | undefined): Promise<void> {
  const answer = await probePort({ host, port });
  // Of an unreachable address dolt itself says best why it can't listen there.
  if (answer.kind === "free" || answer.kind === "unreachable") return;
  const who = await whoAnswers({ host, port }, answer, identify);
  throw new BdError(
    "unavailable",
    "PORT_TAKEN",
    `Port ${port} on ${host} is held by a server that we did not start: ${who} answers there`,
    { hint: command`bd dolt show`, details: { host, port, answers: who } },
  );
}

async function makeDataDir(paths: ServerPaths): Promise<void> {
  try {
    await mkdir(paths.dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = errnoOf(error) ?? "unknown error";
    throw new BdError("config", "DATA_DIR_UNUSABLE", `The data folder ${paths.dataDir} can't be made (${reason})`, {
      hint: command`bd server status`,
      details: { data_dir: paths.dataDir, reason },
      cause: error,
    });
  }
}
