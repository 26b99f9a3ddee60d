import { BdError, command } from "../errors.ts";
import { errnoOf } from "../host/errno.ts";
import { lastLinesOf } from "../host/last-lines.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import { serverPaths } from "./server-paths.ts";

export interface LogOptions {
  /** How many of the last lines. */
  readonly lines: number;
}

/**
 * Yields the last lines of our server's log, oldest first.
 *
 * @throws BdError `not-found` SERVER_LOG_MISSING before the first start
 */
export async function* serverLogs(environment: ServerEnvironment, { lines }: LogOptions): AsyncGenerator<string, void> {
  const { logFile } = serverPaths(environment);
  try {
    yield* lastLinesOf(logFile, lines);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    throw new BdError("not-found", "SERVER_LOG_MISSING", `There is no server log yet at ${logFile}`, {
      hint: command`bd server start`,
      details: { log_file: logFile },
    });
  }
}
