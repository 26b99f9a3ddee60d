import { appendFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { safeMessage } from "../cli/present/text/safe-text.ts";

export const LOG_NAME = "daemon.log";
const OLD_LOG_NAME = "daemon.1.log";
const MOST_BYTES = 1024 * 1024;

export interface DaemonLog {
  readonly path: string;
  write(line: string): void;
}

/**
 * The log of a daemon, in the workspace: what it began and ended, and what went wrong, never what somebody asked. A full
 * file gives way to a new one. A disk that takes nothing ends nothing.
 */
export function openLog(beadsDir: string, clock: () => Date): DaemonLog {
  const path = join(beadsDir, LOG_NAME);
  return {
    path,
    write(line) {
      try {
        const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
        if (size > MOST_BYTES) renameSync(path, join(beadsDir, OLD_LOG_NAME));
        appendFileSync(path, `${clock().toISOString()} ${safeMessage(line)}\n`, { mode: 0o600 });
      } catch {
        // Nobody is there to be told.
      }
    },
  };
}
