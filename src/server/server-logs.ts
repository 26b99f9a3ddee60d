import { type FileHandle, open } from "node:fs/promises";
import { BdError, command } from "../errors.ts";
import { errnoOf } from "../host/errno.ts";
import type { ServerEnvironment } from "./server-environment.ts";
import { serverPaths } from "./server-paths.ts";

export interface LogOptions {
  /** How many of the last lines. */
  readonly lines: number;
}

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Yields the last lines of our server's log, oldest first. Reads no more of the file than it needs.
 *
 * @throws BdError `not-found` SERVER_LOG_MISSING before the first start
 */
export async function* serverLogs(environment: ServerEnvironment, options: LogOptions): AsyncGenerator<string, void> {
  const { logFile } = serverPaths(environment);
  let file: FileHandle;
  try {
    file = await open(logFile, "r");
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    throw new BdError("not-found", "SERVER_LOG_MISSING", `There is no server log yet at ${logFile}`, {
      hint: command`bd server start`,
      details: { log_file: logFile },
    });
  }
  try {
    const start = await startOfLastLines(file, options.lines);
    if (start !== undefined) yield* file.readLines({ start, autoClose: false });
  } finally {
    await file.close();
  }
}

/** Byte offset where the last `count` lines begin; undefined when there are none to show. */
async function startOfLastLines(file: FileHandle, count: number): Promise<number | undefined> {
  const { size } = await file.stat();
  if (count <= 0 || size === 0) return undefined;
  const block = Buffer.alloc(BLOCK_BYTES);
  let missing = count;
  for (let end = size; end > 0; end -= BLOCK_BYTES) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    for (let index = bytesRead - 1; index >= 0; index--) {
      // The newline that ends the file ends the last line, it begins none.
      if (block[index] !== NEWLINE || start + index === size - 1) continue;
      missing--;
      if (missing === 0) return start + index + 1;
    }
  }
  return 0;
}
