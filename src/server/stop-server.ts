import { setTimeout as delay } from "node:timers/promises";
import { BdError, command, interrupted } from "../errors.ts";
import { errnoOf } from "../host/errno.ts";
import { POLL_MS } from "./launch-server.ts";
import { type OwnServer, readPidFile, removePidFile, removeStalePidFile } from "./pid-file.ts";
import { inspectProcess } from "./process-identity.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import { serverPaths } from "./server-paths.ts";

export interface StopOptions {
  /** How long the server may take to end. */
  readonly timeoutMs?: number | undefined;
}

export type StopResult =
  | { readonly outcome: "stopped"; readonly server: OwnServer }
  /** We started none, or it is gone already. A server that somebody else started is left alone. */
  | { readonly outcome: "not-running" };

const STOP_TIMEOUT_MS = 30_000;

/**
 * Ends the server that `startServer` started, with SIGTERM, and returns when it is gone. Signals no other process: the
 * pid file names the process by pid, start time, and command line.
 *
 * @throws BdError `unavailable` SERVER_STOP_TIMEOUT; `conflict` SERVER_STARTING; `rejected` SERVER_NOT_SIGNALLED; `interrupted`
 */
export async function stopServer(environment: ServerEnvironment, options: StopOptions = {}): Promise<StopResult> {
  const paths = serverPaths(environment);
  const state = await readPidFile(environment, paths);
  if (state.kind === "none") return { outcome: "not-running" };
  if (state.kind === "stale") {
    environment.say(`${state.why}: removing the file`);
    await removeStalePidFile(paths, state.text);
    return { outcome: "not-running" };
  }
  if (state.kind === "starting") {
    throw new BdError("conflict", "SERVER_STARTING", `Process ${state.pid} is starting our server right now`, {
      hint: command`bd server status`,
      details: { pid: state.pid },
    });
  }
  const { server } = state;
  environment.say(`Stopping our server (pid ${server.pid})`);
  terminate(environment, server.pid);
  await untilGone(environment, server, options.timeoutMs ?? STOP_TIMEOUT_MS);
  await removePidFile(paths);
  return { outcome: "stopped", server };
}

function terminate(environment: ServerEnvironment, pid: number): void {
  try {
    environment.kill(pid, "SIGTERM");
  } catch (error) {
    const reason = errnoOf(error);
    if (reason === "ESRCH") return; // it has just ended by itself
    throw new BdError("rejected", "SERVER_NOT_SIGNALLED", `We may not signal our server, process ${pid} (${reason})`, {
      hint: command`bd server status`,
      details: { pid },
      cause: error,
    });
  }
}

async function untilGone(environment: ServerEnvironment, server: OwnServer, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while ((await inspectProcess(environment, server.pid))?.startedAt === server.processStarted) {
    if (environment.signal?.aborted === true) throw interrupted("Interrupted while our server stopped");
    if (performance.now() > deadline) {
      throw new BdError(
        "unavailable",
        "SERVER_STOP_TIMEOUT",
        `Our server (pid ${server.pid}) was asked to end, but still runs after ${Math.round(timeoutMs / 1000)} s`,
        { hint: command`bd server logs`, details: { pid: server.pid } },
      );
    }
    await delay(POLL_MS);
  }
}
