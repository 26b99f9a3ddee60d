import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type OwnServer, readPidFile } from "./pid-file.ts";
import { type PortAnswer, probePort } from "./probe-port.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import { DEFAULT_HOST, DEFAULT_PORT, serverPaths } from "./server-paths.ts";
import { type Identify, whoAnswers } from "./start-server.ts";
import { type UnitStatus, unitStatus } from "./systemd/unit-status.ts";

export interface StatusOptions {
  /** Where to look for somebody else's server while ours does not run. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly identify?: Identify | undefined;
}

export interface ServerStatus {
  /** `stale`: our pid file is there, but the server it names is not. */
  readonly state: "running" | "starting" | "stopped" | "stale";
  /** The server that we started, while it runs. */
  readonly server: OwnServer | undefined;
  readonly host: string;
  readonly port: number;
  readonly answer: PortAnswer;
  /** Who answers, in words. */
  readonly answers: string;
  readonly dataDir: string;
  /** Folders of the data directory that hold a database, sorted; empty while there is no data directory. */
  readonly databases: readonly string[];
  readonly logFile: string;
  readonly pidFile: string;
  /** The unit of systemd that may run it instead; undefined where none is installed. */
  readonly unit: UnitStatus | undefined;
}

/** Looks and changes nothing; waits for nobody. */
export async function serverStatus(environment: ServerEnvironment, options: StatusOptions = {}): Promise<ServerStatus> {
  const paths = serverPaths(environment);
  const state = await readPidFile(environment, paths);
  const server = state.kind === "running" ? state.server : undefined;
  const unit = await unitStatus(environment);
  const host = server?.host ?? options.host ?? DEFAULT_HOST;
  const port = server?.port ?? options.port ?? DEFAULT_PORT;
  const [answer, databases] = await Promise.all([probePort({ host, port }), listDatabases(paths.dataDir)]);
  return {
    state: state.kind === "none" ? "stopped" : state.kind,
    server,
    host,
    port,
    answer,
    answers: await whoAnswers({ host, port }, answer, options.identify),
    dataDir: paths.dataDir,
    databases,
    logFile: paths.logFile,
    pidFile: paths.pidFile,
    unit,
  };
}

/** From the folders, because that needs no login and works while the server is down. */
async function listDatabases(dataDir: string): Promise<readonly string[]> {
  let folders: string[];
  try {
    const entries = await readdir(dataDir, { withFileTypes: true });
    folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => entry.name);
  } catch {
    return [];
  }
  const checked = await Promise.all(
    folders.map(async (name) => ({ name, is: await exists(join(dataDir, name, ".dolt")) })),
  );
  return checked
    .filter((folder) => folder.is)
    .map((folder) => folder.name)
    .toSorted();
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Where systemd is to run the server, its words are there also when it has failed. */
export function wordsInJournal({ server, unit }: ServerStatus): boolean {
  return server === undefined && unit?.manager !== undefined;
}
