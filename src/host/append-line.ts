import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { errnoOf } from "./errno.ts";
import { notRegular } from "./read-file.ts";

// A pipe would be waited for.
const APPENDING =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens a log for more, made for this person alone. No link is followed: a project could lead it to any file.
 * Throws errors of the file system; BdError config FILE_NOT_REGULAR.
 */
export function openLog(path: string): number {
  const log = openOrPipe(path);
  if (fstatSync(log).isFile()) return log;
  closeSync(log);
  throw notRegular(path);
}

function openOrPipe(path: string): number {
  try {
    return openSync(path, APPENDING, 0o600);
  } catch (error) {
    // Nobody reads the pipe.
    throw errnoOf(error) === "ENXIO" ? notRegular(path) : error;
  }
}

/** Adds a line to a log; one that is larger than `maxBytes` goes to `oldPath` before. Throws errors of the file system. */
export function appendLine(
  path: string,
  line: string,
  old: { readonly path: string; readonly maxBytes: number },
): void {
  let log = openLog(path);
  try {
    if (fstatSync(log).size > old.maxBytes) {
      renameSync(path, old.path);
      closeSync(log);
      log = openLog(path);
    }
    writeSync(log, `${line}\n`);
  } finally {
    closeSync(log);
  }
}
