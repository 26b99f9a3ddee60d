import { commitAuthor } from "../../core/actor.ts";
import { BdError, command } from "../../errors.ts";
import type { Link, Persistence } from "../connection/link.ts";
import type { Query } from "../query.ts";
import { COMMIT, ROLLBACK } from "../statements.ts";
import { doltCommit } from "./dolt-commit.ts";
import { holderText, killStatement, type LockHolder, lockHolder, releaseLock, writeLockName } from "./lock-queries.ts";
import { NotReady } from "./opening.ts";
import { WaitingLine } from "./waiting-line.ts";

/** How often leftovers of other programs are committed apart before a write gives up. */
const MAX_RECOVERIES = 3;
const RECOVERY_AUTHOR = commitAuthor({ name: "bd-recovery", email: "bd-recovery@local" });

/** What to say when the first answer takes long. */
export function waitingForLock({ options }: Link): string {
  return `waiting for the write lock of '${options.database}' (bd dolt status)`;
}

/**
 * Runs `attempt`, which opens with `writeOpening` and the way to take the lock that it is given, until it finds the lock
 * free and the working set clean. Waits in line for the lock; gives up when that has not moved for `retryMaxMs`, and names
 * its holder. Commits leftovers apart, three times at most. Throws BdError unavailable LOCK_TIMEOUT or WORKING_SET_DIRTY.
 */
export async function withWriteLock<T>(link: Link, attempt: (lock: Query<boolean>) => Promise<T>): Promise<T> {
  const line = new WaitingLine(link);
  for (let recoveries = 0; ; ) {
    const asked = link.options.timing.now();
    try {
      return await attempt(line.takeLock());
    } catch (error) {
      if (!(error instanceof NotReady)) throw error;
      if (error.reason === "locked") {
        link.troubled(asked);
        if (
          !(await link.announcing(
            () => waitingForLock(link),
            () => line.moveUp(),
          ))
        )
          throw await lockTimeout(link);
        continue;
      }
      line.left();
      if (recoveries >= MAX_RECOVERIES) throw stillDirty(error.tables);
      recoveries += 1;
      await link.uninterrupted(() => commitLeftovers(link, error.tables), UNTIL_RECOVERED);
    }
  }
}

const UNTIL_RECOVERED: Persistence = {
  forMs: 10_000,
  note: "finishing the commit of what another program left (Ctrl-C again gives up)",
  givenUp: () => new BdError("interrupted", "INTERRUPTED", "interrupted; nothing of this command was written"),
};

/** Under the lock that the failed opening holds: what other programs left is committed under a name of its own. */
async function commitLeftovers(link: Link, tables: readonly string[]): Promise<void> {
  const names = tables.join(", ");
  await link.one(ROLLBACK);
  const hash = await link.one(doltCommit(`bd-recovery: uncommitted changes in ${names}`, RECOVERY_AUTHOR));
  await link.all([COMMIT, releaseLock(writeLockName(link.options.database))]);
  if (hash === undefined) return; // the other program was faster
  link.written();
  link.options.note(`committed what another program had left uncommitted in ${names} (as bd-recovery)`);
}

async function lockTimeout(link: Link): Promise<BdError> {
  const name = writeLockName(link.options.database);
  const holder = await holderOf(link, name);
  link.drop();
  const seconds = Math.round(link.options.retryMaxMs / 1000);
  const details = typeof holder === "string" ? { holder } : { holder: holderText(holder), kill: killStatement(holder) };
  const remedy =
    details.kill === undefined ? "" : `; if its program is gone, an admin frees the lock by ${details.kill}`;
  return new BdError(
    "unavailable",
    "LOCK_TIMEOUT",
    `the write lock '${name}' is held by ${details.holder}; gave up after ${seconds} s, nothing was written${remedy}`,
    { hint: command`bd dolt status`, details: { lock: name, ...details } },
  );
}

async function holderOf(link: Link, name: string): Promise<LockHolder | string> {
  const { statements, decode } = lockHolder(name);
  try {
    return decode(await link.open(statements)) ?? "a connection that has just ended";
  } catch {
    return "a connection that the server could not be asked about";
  }
}

function stillDirty(tables: readonly string[]): BdError {
  return new BdError(
    "unavailable",
    "WORKING_SET_DIRTY",
    `another program keeps leaving uncommitted changes in ${tables.join(", ")}; nothing was written`,
    { hint: command`bd dolt status`, details: { tables } },
  );
}
