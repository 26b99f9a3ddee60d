import { setTimeout as delay } from "node:timers/promises";
import { BdError, command, interrupted } from "../../errors.ts";
import { dataHolder, notedListener } from "../data-holder.ts";
import { readPidFile } from "../pid-file.ts";
import { probePort } from "../probe-port.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { serverPaths } from "../server-paths.ts";
import { type Identify, refuseTakenPort } from "../start-server.ts";
import { SERVER_UNIT } from "./unit-files.ts";
import { type ManagedState, managedState } from "./unit-status.ts";
import { journalOf, resetFailed, showUnit, systemctl } from "./user-manager.ts";

export interface UnitServer {
  readonly host: string;
  readonly port: number;
  readonly identify?: Identify | undefined;
}

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
const SHOWN_LINES = 8;
const STATE = ["UnitFileState", "ActiveState", "SubState", "MainPID", "NRestarts"];

/**
 * Refuses while another server holds what the unit's server needs: the data folder or the port.
 *
 * @throws BdError `rejected` OWN_SERVER_RUNS; `unavailable` DATA_DIR_TAKEN, PORT_TAKEN
 */
export async function refuseRivals(environment: ServerEnvironment, server: UnitServer): Promise<void> {
  const { pid: unitPid } = await stateOf(environment);
  const paths = serverPaths(environment);
  const own = await readPidFile(environment, paths);
  if (own.kind === "running" || own.kind === "starting") {
    const pid = own.kind === "running" ? own.server.pid : own.pid;
    throw new BdError(
      "rejected",
      "OWN_SERVER_RUNS",
      `A server that \`bd server start\` started (pid ${pid}) holds ${paths.dataDir}`,
      { hint: command`bd server stop`, details: { pid, data_dir: paths.dataDir } },
    );
  }
  const holder = await dataHolder(environment);
  if (holder !== undefined && holder !== unitPid) {
    throw new BdError("unavailable", "DATA_DIR_TAKEN", `Another dolt server (pid ${holder}) holds ${paths.dataDir}`, {
      hint: command`bd server status`,
      details: { pid: holder, data_dir: paths.dataDir },
    });
  }
  // The unit's own server is no rival; on a new port it shows by itself whether that is free.
  if (unitPid === undefined) await refuseTakenPort(server.host, server.port, server.identify);
}

/**
 * Enables the unit, starts it, or again when `changed`, and returns its process when that answers.
 *
 * @throws BdError `unavailable` UNIT_FAILED, SYSTEMCTL_FAILED; `interrupted`
 */
export async function startUnit(
  environment: ServerEnvironment,
  server: UnitServer & { readonly changed: boolean },
): Promise<{ readonly outcome: "started" | "already-running"; readonly pid: number }> {
  await systemctl(environment, "enable", "--quiet", SERVER_UNIT);
  const before = await stateOf(environment);
  const runs = before.state === "active" && !server.changed;
  if (!runs) {
    // A failure of earlier must not be taken for one of now.
    if (before.state !== "inactive") await systemctl(environment, "stop", SERVER_UNIT);
    await resetFailed(environment, SERVER_UNIT);
    await systemctl(environment, "start", "--no-block", SERVER_UNIT);
  }
  const pid = await untilItAnswers(environment, server);
  return { outcome: runs ? "already-running" : "started", pid };
}

async function untilItAnswers(environment: ServerEnvironment, { host, port }: UnitServer): Promise<number> {
  const { doltInfoFile } = serverPaths(environment);
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    const { state, subState, pid } = await stateOf(environment);
    if (state === "failed" || subState === "auto-restart") throw await failed(environment, "ended before it answered");
    const listens = pid !== undefined && (await notedListener(doltInfoFile)) === pid;
    if (listens && (await probePort({ host, port })).kind === "mysql") return pid;
    if (environment.signal?.aborted === true) throw interrupted("Interrupted while the unit started");
    if (performance.now() > deadline) throw await failed(environment, "has not answered within 60 s");
    await delay(POLL_MS);
  }
}

async function failed(environment: ServerEnvironment, what: string): Promise<BdError> {
  // The failure of the unit is the news, not that of its journal.
  const lines = await journalOf(environment, SERVER_UNIT, SHOWN_LINES).catch((error: unknown) => [String(error)]);
  const shown = lines.map((line) => `\n  ${line}`).join("");
  return new BdError(
    "unavailable",
    "UNIT_FAILED",
    `${SERVER_UNIT} ${what}, and systemd goes on trying; its journal ends in:${shown || " nothing"}`,
    { hint: command`bd server logs`, details: { journal: lines } },
  );
}

async function stateOf(environment: ServerEnvironment): Promise<ManagedState> {
  return managedState((await showUnit(environment, SERVER_UNIT, STATE)) ?? new Map<string, string>());
}
