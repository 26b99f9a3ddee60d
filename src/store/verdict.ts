import { BdError } from "../errors.ts";
import { commitOfOperation } from "./dolt-commit.ts";
import { isConnectionError } from "./driver-errors.ts";
import type { Link } from "./link.ts";
import { releaseLock, takeLock, writeLockName } from "./lock.ts";

/**
 * Whether a change landed whose answer was lost. Under the write lock the verdict is final: the lost connection has
 * given the lock up, so it is done committing. Gives the commit's hash, or undefined where the change was rolled back.
 * Throws BdError unavailable COMMIT_UNCERTAIN when the server does not come back in time.
 */
export async function findOperation(link: Link, operationId: string, cause: unknown): Promise<string | undefined> {
  const { database, timing, retryMaxMs } = link.options;
  const lock = takeLock(writeLockName(database));
  const started = timing.now();
  while (timing.now() - started < retryMaxMs) {
    try {
      if (!(await link.one(lock))) continue;
      const hash = await link.one(commitOfOperation(operationId));
      await link.one(releaseLock(writeLockName(database)));
      return hash;
    } catch (error) {
      if (!isConnectionError(error)) throw error;
    }
  }
  throw new BdError(
    "unavailable",
    "COMMIT_UNCERTAIN",
    `the connection was lost while committing, and the server did not come back: whether the change landed is unknown`,
    { hint: "bd ping", details: { operation_id: operationId }, cause },
  );
}
