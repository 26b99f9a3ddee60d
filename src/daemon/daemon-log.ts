import { join } from "node:path";
import { safeMessage } from "../cli/present/text/safe-text.ts";
import { appendLine } from "../host/append-line.ts";

const LOG_NAME = "daemon.log";
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
        const old = { path: join(beadsDir, OLD_LOG_NAME), maxBytes: MOST_BYTES };
        appendLine(path, `${clock().toISOString()} ${safeMessage(line)}`, old);
      } catch {
        // Nobody is there to be told.
      }
    },
  };
}
