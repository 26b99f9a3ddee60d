import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from "node:fs";

const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** Opens a log for more, made for this person alone. No link is followed: a project could lead it to any file. */
export function openLog(path: string): number {
  return openSync(path, APPENDING, 0o600);
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
