import { randomUUID } from "node:crypto";
import { linkSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BdError, command, interrupted } from "../errors.ts";
import { readTextFile } from "./read-file.ts";
import {
  createTextFile,
  fileNotWritable,
  makeFolders,
  targetOf,
  type WriteRules,
  writeTextFile,
} from "./write-file.ts";

const POLL_MS = 20;
/** An edit takes milliseconds: a lock that nobody changed for so long was left by a process that has died. */
const ABANDONED_MS = 5_000;
const LONGEST_WAIT_MS = 30_000;

export interface EditRules extends WriteRules {
  /** Ctrl-C, which ends the wait for others. */
  readonly signal?: AbortSignal | undefined;
  readonly abandonedMs?: number;
}

/**
 * Changes a text file that other processes may be changing too: each edit starts from what the one before it left. The
 * lock is a file beside it, `NAME.lock`. Gives whether anything changed.
 *
 * @param change the new text for the present one; undefined changes nothing. It may run twice.
 * @throws BdError unavailable/FILE_LOCKED, interrupted, as `readTextFile` and `writeTextFile`, and what `change` throws
 */
export async function editTextFile(
  path: string,
  change: (text: string | undefined) => string | undefined | Promise<string | undefined>,
  rules: EditRules = {},
): Promise<boolean> {
  for (;;) {
    const lock = await takeLock(path, rules);
    try {
      const text = readTextFile(path);
      const changed = await change(text);
      if (changed === undefined || changed === text) return false;
      // A process that was stopped for a while may have lost its lock: what it read is old.
      if (lock.isHeld()) {
        writeTextFile(path, changed, rules);
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

async function takeLock(path: string, rules: EditRules): Promise<Lock> {
  const { abandonedMs = ABANDONED_MS, signal } = rules;
  const own = randomUUID();
  // Undefined where nobody holds the lock any more, and where it is a link that leads nowhere.
  let holder: string | undefined;
  let unchangedMs = 0;
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += POLL_MS) {
    const file = createLock(path, own, rules);
    const isHeld = () => readTextFile(file.path) === own;
    if (file.created) return { isHeld, release: () => isHeld() && rmSync(file.path, { force: true }) };
    const found = readTextFile(file.path);
    unchangedMs = found === holder ? unchangedMs + POLL_MS : 0;
    holder = found;
    if (unchangedMs >= abandonedMs) removeAbandoned(file.path, holder);
    else await sleep(POLL_MS);
    if (signal?.aborted === true) throw interrupted(`interrupted while ${path} was locked; nothing was written`);
  }
  throw new BdError("unavailable", "FILE_LOCKED", `${path} is being changed by other commands all the time`, {
    hint: command`bd where`,
    details: { path },
  });
}

function createLock(path: string, own: string, { makeFolder, within }: EditRules): { path: string; created: boolean } {
  try {
    if (makeFolder === true) makeFolders(dirname(path));
    const lock = `${targetOf(path, within).target}.lock`;
    return { path: lock, created: createTextFile(lock, own) };
  } catch (cause) {
    throw fileNotWritable(path, cause);
  }
}

/** Of several who wait, one moves the lock away; whoever comes later and catches the next one's puts it back. */
function removeAbandoned(lock: string, holder: string | undefined): void {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    if (readTextFile(aside) !== holder) linkSync(aside, lock);
  } catch {
    // Somebody else was faster.
  } finally {
    rmSync(aside, { force: true });
  }
}
