import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentNamesOf } from "../config/settings/find-setting.ts";
import { SETTINGS } from "../config/settings/setting-table.ts";
import { type CommandLine, command } from "../errors.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import { DEFAULT_PORT, serverPaths } from "./server-paths.ts";
import { SERVER_UNIT, unitFolders } from "./systemd/unit-files.ts";

/** How the hint looks at the disk; tests give their own. */
interface Disk {
  readonly exists: (path: string) => boolean;
  /** The text of a file, or undefined where it can't be read. */
  readonly read: (path: string) => string | undefined;
}

const DISK: Disk = {
  exists: existsSync,
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
};

/**
 * Returns what to type where no server answers on `port`: the variable that points at our own server where that runs on
 * another port, else the command that starts one on this machine, or that says why systemd's does not run. Loaded on
 * error paths of every command, so it imports nothing heavy.
 */
export function startHint(
  environment: Pick<ServerEnvironment, "env" | "home">,
  port: number,
  { exists, read }: Disk = DISK,
): CommandLine {
  const folders = unitFolders(environment);
  if (folders.some((folder) => exists(join(folder, SERVER_UNIT)))) {
    // What starts by itself and does not answer has failed, as a rule: a start would fail, too. The status says why.
    const startsByItself = folders.some((folder) => exists(join(folder, "default.target.wants", SERVER_UNIT)));
    return startsByItself ? command`bd server status` : command`systemctl --user start dolt-server`;
  }
  const elsewhere = portOfOwnServer(read(serverPaths(environment).pidFile));
  const isElsewhere = elsewhere !== undefined && elsewhere !== port;
  if (isElsewhere) return command`BEADS_DOLT_SERVER_PORT=${elsewhere} bd ping`;
  return port === portOfThePerson(environment.env)
    ? command`bd server start`
    : command`BEADS_DOLT_SERVER_PORT=${port} bd server start`;
}

/** Where `bd server start` would start one: no project says that. */
function portOfThePerson(env: ServerEnvironment["env"]): number {
  const names = environmentNamesOf({ ...SETTINGS["dolt.port"], key: "dolt.port" });
  return Number(names.map((name) => env[name]).find((value) => value !== undefined && value !== "") ?? DEFAULT_PORT);
}

/** Where the pid file says that our server runs; whether it still does, `bd ping` will tell. */
function portOfOwnServer(record: string | undefined): number | undefined {
  const port = /"state":"running".*"port":(\d+)/.exec(record ?? "")?.[1];
  return port === undefined ? undefined : Number(port);
}
