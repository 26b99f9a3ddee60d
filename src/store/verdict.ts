import { BdError, command } from "../errors.ts";
import { commitOfOperation } from "./dolt-commit.ts";
import { isConnectionError } from "./driver-errors.ts";
import type { Link } from "./link.ts";
import { takeLock, writeLockName } from "./lock.ts";
import { combine } from "./query.ts";
import { backoffMs } from "./retry.ts";
import { BEGIN } from "./statements.ts";

/**
 * Whether a change landed whose answer was lost. Under the write lock the verdict is final: the lost connection has
 * given the lock up, so it is done committing; and BEGIN behind the lock makes the look at the log newer than that.
 * Gives the commit's hash, or undefined where the change was rolled back. The new connection keeps the lock.
 * Throws BdError unavailable COMMIT_UNCERTAIN when that can't be found out in time.
 */
export async function findOperation(link: Link, operationId: string, cause: unknown): Promise<string | undefined> {
  const { database, timing } = link.options;
  const name = writeLockName(database);
  link.startOperation();
  link.troubled();
  try {
    for (let attempt = 0; ; attempt += 1) {
      const found = await look(link, operationId);
      if (found !== "unknown") return found.hash;
      link.drop();
      if (link.remainingMs() <= 0) throw new Error(`the lock ${name} was not to be had, and no connection stayed`);
      await timing.sleep(backoffMs(attempt, timing.random), new AbortController().signal);
    }
  } catch (error) {
    throw uncertain(operationId, new AggregateError([cause, error]));
  }
}

/** One look, or `unknown` where the lock or the connection was not to be had. */
async function look(link: Link, operationId: string): Promise<"unknown" | { readonly hash: string | undefined }> {
  const lock = takeLock(writeLockName(link.options.database), link.remainingMs());
  const looking = combine([lock, BEGIN, commitOfOperation(operationId)], (locked, _begun, hash) =>
    locked ? ({ hash } as const) : ("unknown" as const),
  );
  try {
    return looking.decode(await link.open(looking.statements, "finding out whether the change landed"));
  } catch (error) {
    if (isConnectionError(error)) return "unknown";
    throw error;
  }
}

function uncertain(operationId: string, cause: AggregateError): BdError {
  return new BdError(
    "unavailable",
    "COMMIT_UNCERTAIN",
    "the connection was lost while committing, and the server did not say in time whether the change landed",
    { hint: command`bd ping`, details: { operation_id: operationId }, cause },
  );
}
