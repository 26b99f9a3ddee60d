import { commitAuthor } from "../core/actor.ts";
import { BdError } from "../errors.ts";
import { doltCommit, doltCommitMerge, withOperationId } from "./dolt-commit.ts";
import {
  classifyDriverError,
  type DriverErrorClass,
  isConnectionClass,
  isConnectionError,
  isDriverError,
} from "./driver-errors.ts";
import type { Link } from "./link.ts";
import { releaseLock, writeLockName } from "./lock.ts";
import { fastForward, type Merged, type MergeTransaction, mergeEnds, mergeKind } from "./merge.ts";
import type { MigrationConnection } from "./migrate/migration-connection.ts";
import { migrationOpening, NotReady, readOpening, writeOpening } from "./opening.ts";
import { type Answers, decodeAll, type Query, type StatementResult } from "./query.ts";
import { MAX_MERGES, MAX_RACES, racePauseMs } from "./retry.ts";
import type { Sql } from "./sql.ts";
import { COMMIT } from "./statements.ts";
import type { CommitRequest, Reader, Transaction } from "./store.ts";
import { findOperation } from "./verdict.ts";
import { withWriteLock } from "./write-lock.ts";

/** The only file that begins transactions: snapshots for reads, and four entrances over one write lock. */

/** Runs the body on one snapshot; again when the connection was lost meanwhile. */
export async function withSnapshot<T>(link: Link, body: (reader: Reader) => Promise<T>): Promise<T> {
  const { options } = link;
  return repeating(link, () => body(new OpenedReader(link, { opening: readOpening(options) })));
}

/**
 * Runs the body in one transaction and ends it with one verified Dolt commit. Races lost to other writers and
 * connections lost before the commit run the body again; one lost during it is looked up by the operation id.
 */
export async function withTransaction<T>(
  link: Link,
  commit: CommitRequest,
  body: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const operationId = link.options.newId();
  return repeating(link, () =>
    withWriteLock(link, async () => {
      const opening = writeOpening(link.options, link.remainingMs());
      const transaction = new OpenTransaction(link, { opening, waitingFor: waitingForLock(link), operationId });
      const value = await body(transaction);
      if (transaction.touchedRows === 0) link.drop();
      else await finish(link, { commit, operationId });
      return value;
    }),
  );
}

/**
 * Joins the commit `theirs` into our branch under the write lock. Where both sides have what the other lacks, the body
 * begins the merge and settles it, and one verified Dolt commit ends it; where ours is part of theirs, the branch moves
 * to it after the body; where nothing is new, the body only looks. What the body throws undoes all. May run again, as
 * a write. Throws BdError conflict OTHER_HISTORY.
 */
export async function withMerge<T>(
  link: Link,
  { commit, theirs }: MergeRequest,
  body: (merge: MergeTransaction) => Promise<T>,
): Promise<Merged<T>> {
  const operationId = link.options.newId();
  let forwarded: Merged<T> | undefined;
  return repeating(link, () =>
    withWriteLock(link, async () => {
      const opening = writeOpening(link.options, link.remainingMs());
      const transaction = new OpenTransaction(link, { opening, waitingFor: waitingForLock(link), operationId });
      const [ends] = await transaction.all([mergeEnds(theirs)]);
      const kind = mergeKind(ends);
      // An answer that got lost on the way: the branch had moved.
      if (kind === "up-to-date" && forwarded !== undefined) return forwarded;
      const value = await body(Object.assign(transaction, { ends, kind }));
      const merged = { ...ends, kind, value };
      if (kind === "merge") {
        const head = await finish(link, { commit, operationId, ending: doltCommitMerge });
        return { ...merged, head: head ?? ends.ours };
      }
      if (kind === "up-to-date") {
        link.drop();
        return { ...merged, head: ends.ours };
      }
      forwarded = { ...merged, head: theirs };
      await moveForward(link, theirs);
      return forwarded;
    }),
  );
}

export interface MergeRequest {
  /** Of the merge commit; a fast-forward makes none. */
  readonly commit: CommitRequest;
  /** The hash of the commit to join. */
  readonly theirs: string;
}

async function moveForward(link: Link, theirs: string): Promise<void> {
  await link.uninterrupted(async () => {
    await link.one(fastForward(theirs));
    link.written();
    await letGo(link);
  });
}

/** Commits the working set as it is, under the lock. Gives the hash, or undefined where there was nothing. */
export async function withWorkingSet(link: Link, commit: CommitRequest): Promise<string | undefined> {
  const operationId = link.options.newId();
  return repeating(link, () =>
    withWriteLock(link, async () => {
      if (!(await isClean(link))) return finish(link, { commit, operationId });
      link.drop();
      return undefined;
    }),
  );
}

/** Opens a write and says whether the working set was clean. */
async function isClean(link: Link): Promise<boolean> {
  const { statements, decode } = writeOpening(link.options, link.remainingMs());
  const results = await link.open(statements, waitingForLock(link));
  try {
    decode(results);
    return true;
  } catch (error) {
    if (error instanceof NotReady && error.reason === "dirty") return false;
    throw error;
  }
}

/**
 * Holds the write lock around DDL, which commits by itself: the body sends single statements over the one connection
 * that holds the lock, and makes its own commits. It starts on a clean working set, runs once and to its end, and a lost
 * connection ends it. Throws BdError.
 */
export async function withMigration<T>(link: Link, body: (connection: MigrationConnection) => Promise<T>): Promise<T> {
  try {
    return await withWriteLock(link, async () => {
      const { statements, decode } = migrationOpening(link.options, link.remainingMs());
      decode(await link.open(statements, waitingForLock(link)));
      return link.uninterrupted(() => body({ query: (text, parameters = []) => link.held({ text, parameters }) }));
    });
  } catch (error) {
    throw await link.explain(error);
  } finally {
    // The lock goes with the connection.
    link.drop();
  }
}

interface Opening {
  readonly opening: Query<void>;
  /** What to say when the first answer takes long. */
  readonly waitingFor?: string;
}

/** Sends queries; the first packet also carries the opening, which is checked before any answer is looked at. */
class OpenedReader implements Reader {
  readonly #link: Link;
  readonly #opening: Opening;
  #isOpen = false;
  /** Rows that statements have inserted, updated or deleted so far. */
  touchedRows = 0;
  /** When the opening had been answered. */
  protected openedAt: Date | undefined;

  constructor(link: Link, opening: Opening) {
    this.#link = link;
    this.#opening = opening;
  }

  async all<const Q extends readonly Query<unknown>[]>(queries: Q): Promise<Answers<Q>> {
    const results = await this.#send(queries.flatMap(({ statements }) => statements));
    this.touchedRows += results.reduce((sum, { affectedRows }) => sum + affectedRows, 0);
    return decodeAll(queries, results);
  }

  async #send(statements: readonly Sql[]): Promise<StatementResult[]> {
    if (this.#isOpen) return this.#link.send(statements);
    this.#isOpen = true;
    const { opening, waitingFor } = this.#opening;
    const results = await this.#link.open([...opening.statements, ...statements], waitingFor);
    opening.decode(results.slice(0, opening.statements.length));
    this.openedAt = this.#link.options.clock();
    return results.slice(opening.statements.length);
  }
}

class OpenTransaction extends OpenedReader implements Transaction {
  readonly operationId: string;

  constructor(link: Link, opening: Opening & { readonly operationId: string }) {
    super(link, opening);
    this.operationId = opening.operationId;
  }

  now(): Date {
    if (this.openedAt === undefined) throw new Error("a write has no time before its first answer");
    return this.openedAt;
  }
}

function waitingForLock({ options }: Link): string {
  return `waiting for the write lock of '${options.database}' (bd dolt status)`;
}

interface Ending {
  readonly commit: CommitRequest;
  readonly operationId: string;
  readonly ending?: typeof doltCommit;
}

/** Makes the Dolt commit and gives its hash; from here on Ctrl-C waits for the answer. */
async function finish(link: Link, { commit, operationId, ending = doltCommit }: Ending): Promise<string | undefined> {
  return link.uninterrupted(async () => {
    const message = withOperationId(messageOf(commit), operationId);
    const hash = await commitOnce(link, ending(message, commitAuthor(commit.author)), operationId);
    link.written();
    await letGo(link);
    return hash;
  });
}

/** Throws only when the change did not land, or when nobody can say whether it did. */
async function commitOnce(
  link: Link,
  ending: Query<string | undefined>,
  operationId: string,
): Promise<string | undefined> {
  try {
    return await link.one(ending);
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    const hash = await findOperation(link, operationId, error);
    const lost = "the connection was lost while committing";
    if (hash === undefined) {
      link.options.note(`${lost}; the change had not landed`);
      throw error;
    }
    link.options.note(`${lost}; the change had landed (commit ${hash.slice(0, 8)})`);
    return hash;
  }
}

/** The change is in the history, whatever becomes of this: so nothing of it may fail the command, or repeat it. */
async function letGo(link: Link): Promise<void> {
  try {
    await link.all([COMMIT, releaseLock(writeLockName(link.options.database))]);
  } catch {
    link.drop(); // which frees the lock, and undoes nothing
  }
}

/** Runs `work` again where that is safe: nothing of it was committed. What can't be repeated becomes a BdError. */
async function repeating<T>(link: Link, work: () => Promise<T>): Promise<T> {
  const seen: Failures = { races: 0, merges: 0, losses: 0 };
  for (;;) {
    try {
      return await work();
    } catch (error) {
      link.drop();
      if (error instanceof BdError || link.options.signal.aborted) throw link.toBdError(error);
      if (!isDriverError(error)) throw error;
      link.troubled();
      if (!mayRepeat(classifyDriverError(error), seen, link.remainingMs())) throw await link.explain(error);
      await pause(link, seen);
    }
  }
}

/** How often one operation failed so far, and on what. */
interface Failures {
  races: number;
  merges: number;
  losses: number;
}

/** Counts the failure; whether the operation may be run again after it. */
function mayRepeat(kind: DriverErrorClass, seen: Failures, remainingMs: number): boolean {
  if (kind === "serialization") return (seen.races += 1) <= MAX_RACES;
  if (kind === "constraint-after-merge") return (seen.merges += 1) <= MAX_MERGES;
  return isConnectionClass(kind) && (seen.losses += 1) > 0 && remainingMs > 0;
}

async function pause(link: Link, { races, merges, losses }: Failures): Promise<void> {
  const { timing, signal } = link.options;
  try {
    await timing.sleep(racePauseMs(races + merges + losses, timing.random), signal);
  } catch (error) {
    throw link.toBdError(error);
  }
}

function messageOf(commit: CommitRequest): string {
  return typeof commit.message === "string" ? commit.message : commit.message();
}
