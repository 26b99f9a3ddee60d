import { commitAuthor } from "../core/actor.ts";
import { BdError, command } from "../errors.ts";
import { doltCommit } from "./dolt-commit.ts";
import type { Link } from "./link.ts";
import { lockHolder, releaseLock, writeLockName } from "./lock.ts";
import { NotReady } from "./opening.ts";
import { COMMIT, ROLLBACK } from "./statements.ts";

/** How often leftovers of other programs are committed apart before a write gives up. */
const MAX_RECOVERIES = 3;
const RECOVERY_AUTHOR = commitAuthor({ name: "bd-recovery", email: "bd-recovery@local" });

/**
 * Runs `attempt`, which opens with `writeOpening`, until it finds the lock free and the working set clean. Waits for
 * the lock as long as `retryMaxMs`, then names its holder; commits leftovers apart, three times at most.
 * Throws BdError unavailable LOCK_TIMEOUT or WORKING_SET_DIRTY.
 */
export async function withWriteLock<T>(link: Link, attempt: () => Promise<T>): Promise<T> {
  for (let recoveries = 0; ; ) {
    const asked = link.options.timing.now();
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NotReady)) throw error;
      if (error.reason === "locked") {
        // A BEGIN would commit what the open transaction holds, so the connection goes with it.
        link.drop();
        link.troubled(asked);
        if (link.remainingMs() <= 0) throw await lockTimeout(link);
      } else if (recoveries >= MAX_RECOVERIES) {
        throw stillDirty(error.tables);
      } else {
        recoveries += 1;
        await link.uninterrupted(() => commitLeftovers(link, error.tables));
      }
    }
  }
}

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
  const seconds = Math.round(link.options.retryMaxMs / 1000);
  return new BdError(
    "unavailable",
    "LOCK_TIMEOUT",
    `the write lock '${name}' is held by ${holder}; gave up after ${seconds} s, nothing was written`,
    { hint: command`bd dolt status`, details: { lock: name, holder } },
  );
}

async function holderOf(link: Link, name: string): Promise<string> {
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
