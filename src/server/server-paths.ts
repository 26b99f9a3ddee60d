import { isAbsolute, join, normalize } from "node:path";
import { BdError, command } from "../errors.ts";
import type { ServerEnvironment } from "./server-environment.ts";

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 3307;

/** Where our server keeps what it has; one folder, so that moving or removing it takes everything along. */
export interface ServerPaths {
  /** One folder per database. Dolt passes over plain files in it. */
  readonly dataDir: string;
  readonly pidFile: string;
  readonly logFile: string;
  /** `PID:PORT:UUID`, written by dolt itself once it listens. */
  readonly doltInfoFile: string;
}

/** @throws BdError `config` DATA_DIR_NOT_ABSOLUTE: a server's data must not depend on where a command was typed. */
export function serverPaths(environment: Pick<ServerEnvironment, "env" | "home">): ServerPaths {
  const configured = environment.env.BEADS_DOLT_DATA_DIR;
  if (configured && !isAbsolute(configured)) {
    throw new BdError(
      "config",
      "DATA_DIR_NOT_ABSOLUTE",
      `BEADS_DOLT_DATA_DIR is ${configured}, which is not an absolute path`,
      { hint: command`env -u BEADS_DOLT_DATA_DIR bd server status` },
    );
  }
  const dataDir = withoutTrailingSlash(normalize(configured || join(environment.home, ".beads", "dolt")));
  return {
    dataDir,
    pidFile: join(dataDir, "bd-server.pid"),
    logFile: join(dataDir, "bd-server.log"),
    doltInfoFile: join(dataDir, ".dolt", "sql-server.info"),
  };
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
