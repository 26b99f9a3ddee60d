import { BdError, command } from "../../errors.ts";
import { hasServerErrno, isConnectionError } from "../connection/classify-driver-error.ts";
import type { Link, Persistence } from "../connection/link.ts";
import { backoffMs } from "../connection/pauses.ts";
import { isPartOfHead } from "../merge.ts";
import { combine, type Query } from "../query.ts";
import type { Attempt, Landed } from "../session-types.ts";
import { BEGIN } from "../statements.ts";
import { commitOfOperation } from "./dolt-commit.ts";
import { takeLock, writeLockName } from "./lock-queries.ts";
import { hasMark } from "./operation-mark.ts";

/**
 * Whether what ended a commit says itself that nothing landed, or that nobody waits to know: the server's refusal, and the
 * person's giving up. Anything else, be it an answer that is too large, or none that Dolt would give, is a lost answer.
 */
export function isDecided(error: unknown): boolean {
  if (error instanceof BdError) return error.code === "COMMIT_UNCERTAIN";
  return hasServerErrno(error) && !isConnectionError(error);
}

/**
 * Whether a change landed whose answer was lost: its commit, or its mark, is there. Undefined where it was rolled back.
 * Throws as `findOut`.
 */
export function findOperation(link: Link, attempt: Attempt, cause: unknown): Promise<Landed | undefined> {
  const { operationId, since, isMarked } = attempt;
  const mark: Query<boolean> = isMarked ? hasMark(operationId) : { statements: [], decode: () => false };
  const landed = combine([commitOfOperation(operationId, since), mark], (commit, marked) =>
    commit !== undefined || marked ? { commit } : undefined,
  );
  return findOut(link, landed, (error) => uncertainCommit(attempt, new AggregateError([cause, error])));
}

/** The same for the change of somebody who is gone. */
export async function settle(link: Link, attempt: Attempt): Promise<Landed | undefined> {
  try {
    return await findOperation(link, attempt, new Error("whoever sent the change is gone"));
  } finally {
    link.drop(); // with the lock that it took
  }
}

/** Whether our branch was moved forward to a commit, when the answer to that was lost. Throws as `findOut`. */
export async function findForward(link: Link, theirs: string, cause: unknown): Promise<boolean> {
  const landed = combine([isPartOfHead(theirs)], (isPart) => (isPart ? true : undefined));
  const found = await findOut(link, landed, (error) => uncertainForward(theirs, new AggregateError([cause, error])));
  return found ?? false;
}

/**
 * Looks for what a lost change left. What is found is certain at once. That nothing is found is final under the write
 * lock: the lost connection has given the lock up, so it is done committing; and BEGIN behind the lock makes the look
 * newer than that. Then the new connection keeps the lock. Throws BdError COMMIT_UNCERTAIN when it can't be found out in
 * time.
 */
async function findOut<T>(
  link: Link,
  landed: Query<T | undefined>,
  undecided: (error: unknown) => BdError,
): Promise<T | undefined> {
  const { timing } = link.options;
  // Whatever came over it, the old connection has nothing more to say, and may still hold the lock.
  link.drop();
  link.startOperation();
  link.troubled();
  try {
    for (let tries = 0; ; tries += 1) {
      const found = await look(link, landed);
      if (found !== "unknown") return found;
      link.drop();
      if (link.remainingMs() <= 0) throw new Error("the write lock was not to be had, or no connection stayed");
      await link.sleep(backoffMs(tries, timing.random));
    }
  } catch (error) {
    throw error instanceof BdError && error.code === "COMMIT_UNCERTAIN" ? error : undecided(error);
  }
}

/** One look, or `unknown` where nothing was found and the lock or the connection was not to be had. */
async function look<T>(link: Link, landed: Query<T | undefined>): Promise<"unknown" | T | undefined> {
  const lock = takeLock(writeLockName(link.options.database), link.remainingMs());
  const looking = combine([lock, BEGIN, landed], (locked, _begun, found) =>
    found === undefined && !locked ? ("unknown" as const) : found,
  );
  try {
    return looking.decode(await link.open(looking.statements, "finding out whether the change landed"));
  } catch (error) {
    if (isConnectionError(error)) return "unknown";
    throw error;
  }
}

/** How long a commit is waited for after Ctrl-C. */
const PERSIST_MS = 10_000;

/** From the moment that a commit is sent, only its answer, or the look for it, tells what is true. */
export function untilDecided(givenUp: () => BdError): Persistence {
  const seconds = PERSIST_MS / 1000;
  const note = `the change is being committed: waiting up to ${seconds} s for the answer (Ctrl-C again gives up)`;
  return { forMs: PERSIST_MS, note, givenUp };
}

/** Without a cause, somebody gave up on the answer. */
export function uncertainCommit({ operationId }: Pick<Attempt, "operationId">, cause?: AggregateError): BdError {
  const evidence = `it landed if the log has a commit with operation_id ${operationId}`;
  return uncertain(evidence, { operation_id: operationId }, cause);
}

export function uncertainForward(theirs: string, cause?: AggregateError): BdError {
  return uncertain(`it landed if the log has commit ${theirs}`, { commit: theirs }, cause);
}

function uncertain(evidence: string, details: Record<string, string>, cause: AggregateError | undefined): BdError {
  const kind = cause === undefined ? "interrupted" : "unavailable";
  const why =
    cause === undefined
      ? "interrupted while committing"
      : "the connection was lost while committing, and the server did not say in time whether the change landed";
  const message = `${why}; the outcome is unknown: ${evidence}`;
  return new BdError(kind, "COMMIT_UNCERTAIN", message, { hint: command`bd dolt log --json`, details, cause });
}
