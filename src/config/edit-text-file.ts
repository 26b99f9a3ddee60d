import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BdError, command } from "../errors.ts";
import { createTextFile, existingTarget, fileNotWritable, readTextFile, writeTextFile } from "./text-file.ts";

const POLL_MS = 20;
/** An edit takes milliseconds: a lock that nobody changed for so long was left by a process that has died. */
const ABANDONED_MS = 5_000;
const LONGEST_WAIT_MS = 30_000;

interface EditOptions {
  /** Of a new file. */
  readonly mode?: number | undefined;
  readonly makeFolder?: boolean;
  readonly abandonedMs?: number;
}

/**
 * Changes a text file that other processes may be changing too: each edit starts from what the one before it left. The
 * lock is a file beside it, `NAME.lock`. Gives whether anything changed.
 *
 * @param change the new text for the present one; undefined changes nothing. It may run twice.
 * @throws BdError unavailable/FILE_LOCKED, config/FILE_NOT_WRITABLE, config/FILE_UNREADABLE, and what `change` throws
 */
export async function editTextFile(
  path: string,
  change: (text: string | undefined) => string | undefined | Promise<string | undefined>,
  options: EditOptions = {},
): Promise<boolean> {
  for (;;) {
    const lock = await takeLock(path, options);
    try {
      const text = readTextFile(path);
      const changed = await change(text);
      if (changed === undefined || changed === text) return false;
      // A process that was stopped for a while may have lost its lock: what it read is old.
      if (lock.isHeld()) {
        writeTextFile(path, changed, options);
        return true;
      }
    } finally {
      lock.release();
    }
  }
}

interface Lock {
  readonly isHeld: () => boolean;
  readonly release: () => void;
}

async function takeLock(path: string, { makeFolder, abandonedMs = ABANDONED_MS }: EditOptions): Promise<Lock> {
  const own = randomUUID();
  let holder: string | undefined;
  let unchangedMs = 0;
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += POLL_MS) {
    const file = createLock(path, own, makeFolder === true);
    const isHeld = () => readHolder(file.path) === own;
    if (file.created) return { isHeld, release: () => isHeld() && rmSync(file.path, { force: true }) };
    const found = readHolder(file.path);
    unchangedMs = found === holder ? unchangedMs + POLL_MS : 0;
    holder = found;
    if (holder !== undefined && unchangedMs >= abandonedMs) removeAbandoned(file.path, holder);
    else await sleep(POLL_MS);
  }
  throw new BdError("unavailable", "FILE_LOCKED", `${path} is being changed by other commands all the time`, {
    hint: command`bd where`,
    details: { path },
  });
}

function createLock(path: string, own: string, makeFolder: boolean): { path: string; created: boolean } {
  try {
    if (makeFolder) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const lock = `${existingTarget(path).target}.lock`;
    return { path: lock, created: createTextFile(lock, own) };
  } catch (cause) {
    throw fileNotWritable(path, cause);
  }
}

/** Undefined where nobody holds the lock any more. */
function readHolder(lock: string): string | undefined {
  try {
    return readFileSync(lock, "utf8");
  } catch {
    return undefined;
  }
}

/** Of several who wait, one moves the lock away; whoever comes later and catches the next one's puts it back. */
function removeAbandoned(lock: string, holder: string): void {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    if (readHolder(aside) !== holder) linkSync(aside, lock);
  } catch {
    // Somebody else was faster.
  } finally {
    rmSync(aside, { force: true });
  }
}
