import { commitAuthor } from "../core/actor.ts";
import { BdError } from "../errors.ts";
import { doltCommit, withOperationId } from "./dolt-commit.ts";
import { classifyDriverError, isConnectionError } from "./driver-errors.ts";
import type { Link } from "./link.ts";
import { releaseLock, writeLockName } from "./lock.ts";
import type { MigrationConnection } from "./migrate/migration-connection.ts";
import { dirtyTables, migrationOpening, NotReady, readOpening, writeOpening } from "./opening.ts";
import { type Answers, decodeAll, type Query, type StatementResult } from "./query.ts";
import { MAX_RACES, QUIET_MS, racePauseMs } from "./retry.ts";
import type { Sql } from "./sql.ts";
import { COMMIT } from "./statements.ts";
import type { CommitRequest, Reader, Transaction } from "./store.ts";
import { findOperation } from "./verdict.ts";
import { withWriteLock } from "./write-lock.ts";

/** The only file that begins transactions: snapshots for reads, and three entrances over one write lock. */

/** Runs the body on one snapshot; again when the connection was lost meanwhile. */
export async function withSnapshot<T>(link: Link, body: (reader: Reader) => Promise<T>): Promise<T> {
  const { database, projectId } = link.options;
  return repeating(link, () => body(new OpenedReader(link, readOpening(database, projectId))));
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
      const { database, projectId } = link.options;
      const transaction = new OpenTransaction(link, writeOpening(database, projectId), operationId);
      const value = await body(transaction);
      if (transaction.touchedRows === 0) link.drop();
      else await finish(link, commit, operationId);
      return value;
    }),
  );
}

/** Commits the working set as it is, under the lock. Gives the hash, or undefined where there was nothing. */
export async function withWorkingSet(link: Link, commit: CommitRequest): Promise<string | undefined> {
  const { database, projectId } = link.options;
  const opened = writeOpening(database, projectId);
  return repeating(link, () =>
    withWriteLock(link, async () => {
      try {
        await link.one(opened);
        link.drop();
        return undefined;
      } catch (error) {
        if (!(error instanceof NotReady) || error.reason === "locked") throw error;
      }
      const hash = await link.one(doltCommit(messageOf(commit), commitAuthor(commit.author)));
      await link.all([COMMIT, releaseLock(writeLockName(database))]);
      return hash;
    }),
  );
}

/**
 * Holds the write lock around DDL, which commits by itself: the body sends single statements over the one connection
 * that holds the lock, and makes its own commits. It starts on a clean working set, runs once and to its end, and a lost
 * connection ends it. Throws BdError.
 */
export async function withMigration<T>(link: Link, body: (connection: MigrationConnection) => Promise<T>): Promise<T> {
  const opened = migrationOpening(link.options.database);
  try {
    return await withWriteLock(link, async () => {
      await sendNotingWaits(link, opened.statements).then(opened.decode);
      return link.uninterrupted(() => body({ query: (text, parameters = []) => link.held({ text, parameters }) }));
    });
  } catch (error) {
    throw await link.explain(error);
  } finally {
    // The lock goes with the connection.
    link.drop();
  }
}

/** Sends queries; the first packet also carries the opening, which is checked before any answer is looked at. */
class OpenedReader implements Reader {
  readonly #link: Link;
  #opening: Query<void> | undefined;
  /** Rows that statements have inserted, updated or deleted so far. */
  touchedRows = 0;

  constructor(link: Link, opening: Query<void>) {
    this.#link = link;
    this.#opening = opening;
  }

  async all<const Q extends readonly Query<unknown>[]>(queries: Q): Promise<Answers<Q>> {
    const results = await this.#send(queries.flatMap(({ statements }) => statements));
    this.touchedRows += results.reduce((sum, { affectedRows }) => sum + affectedRows, 0);
    return decodeAll(queries, results);
  }

  async #send(statements: readonly Sql[]): Promise<StatementResult[]> {
    const opening = this.#opening;
    if (opening === undefined) return this.#link.send(statements);
    this.#opening = undefined;
    const results = await sendNotingWaits(this.#link, [...opening.statements, ...statements]);
    opening.decode(results.slice(0, opening.statements.length));
    return results.slice(opening.statements.length);
  }
}

class OpenTransaction extends OpenedReader implements Transaction {
  readonly operationId: string;

  constructor(link: Link, opening: Query<void>, operationId: string) {
    super(link, opening);
    this.operationId = operationId;
  }
}

/** The first packet may wait for the lock: after a second the user hears of it. */
async function sendNotingWaits(link: Link, statements: readonly Sql[]): Promise<StatementResult[]> {
  const timer = setTimeout(() => link.options.note(`waiting for the database ${link.options.database}`), QUIET_MS);
  try {
    return await link.send(statements);
  } finally {
    clearTimeout(timer);
  }
}

/** DOLT_COMMIT, then COMMIT, then a look at what is left; from here on Ctrl-C waits for the answer. */
async function finish(link: Link, commit: CommitRequest, operationId: string): Promise<void> {
  const message = withOperationId(messageOf(commit), operationId);
  const release = releaseLock(writeLockName(link.options.database));
  await link.uninterrupted(async () => {
    try {
      await link.one(doltCommit(message, commitAuthor(commit.author)));
      const [, left] = await link.all([COMMIT, dirtyTables, release]);
      if (left.length > 0) await sweep(link);
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      const hash = await findOperation(link, operationId, error);
      if (hash === undefined) throw error;
      link.options.note(`the connection was lost while committing; the change had landed (commit ${hash.slice(0, 8)})`);
    }
  });
}

/** Somebody works outside the lock, and part of ours may lie in the working set: opening a write commits leftovers. */
async function sweep(link: Link): Promise<void> {
  const { database, projectId } = link.options;
  const opened = writeOpening(database, projectId);
  try {
    await withWriteLock(link, async () => {
      await link.one(opened);
      link.drop();
    });
  } catch (error) {
    link.drop();
    link.options.note(`the change is committed; other uncommitted changes remain (${link.toBdError(error).message})`);
  }
}

/** Runs `work` again where that is safe: nothing of it was committed. Everything else becomes a BdError. */
async function repeating<T>(link: Link, work: () => Promise<T>): Promise<T> {
  const { timing, signal, retryMaxMs } = link.options;
  const started = timing.now();
  for (let races = 0; ; ) {
    try {
      return await work();
    } catch (error) {
      link.drop();
      if (error instanceof BdError || signal.aborted) throw link.toBdError(error);
      const kind = classifyDriverError(error);
      if (kind === "serialization" || kind === "constraint-after-merge") {
        races += kind === "serialization" ? 1 : MAX_RACES / 2;
        if (races > MAX_RACES) throw link.toBdError(error);
      } else if (!isConnectionError(error) || timing.now() - started >= retryMaxMs) {
        throw await link.explain(error);
      }
      await timing.sleep(racePauseMs(races, timing.random), signal);
    }
  }
}

function messageOf(commit: CommitRequest): string {
  return typeof commit.message === "string" ? commit.message : commit.message();
}
