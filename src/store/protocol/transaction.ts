import { commitAuthor } from "../../core/actor.ts";
import { BdError, command } from "../../errors.ts";
import { isConnectionError } from "../connection/classify-driver-error.ts";
import type { Link, Persistence } from "../connection/link.ts";
import { fastForward, type Merged, type MergeTransaction, mergeEnds, mergeKind } from "../merge.ts";
import type { MigrationConnection } from "../migrate/migration-connection.ts";
import { type Answers, decodeAll, type Query, type StatementResult } from "../query.ts";
import type { Attempt, CommitRequest, Landed, MergeRequest, Reader, Transaction } from "../session-types.ts";
import type { Sql } from "../sql.ts";
import { COMMIT } from "../statements.ts";
import { doltCommit, doltCommitMerge, withTrailers } from "./dolt-commit.ts";
import { releaseLock, writeLockName } from "./lock-queries.ts";
import {
  findForward,
  findOperation,
  isDecided,
  uncertainCommit,
  uncertainForward,
  untilDecided,
} from "./lost-answer.ts";
import { migrationOpening, NotReady, readOpening, writeOpening } from "./opening.ts";
import { removeMark, setMark, writesIgnoredTable } from "./operation-mark.ts";
import { repeating } from "./repeating.ts";
import { waitingForLock, withWriteLock } from "./write-lock.ts";

/** Where transactions begin: snapshots for reads, and four entrances over one write lock. */

/** Runs the body on one snapshot; again when the connection was lost meanwhile. */
export async function withSnapshot<T>(link: Link, body: (reader: Reader) => Promise<T>): Promise<T> {
  const { options } = link;
  return repeating(link, async () => {
    const value = await body(new OpenedReader(link, { opening: readOpening(options) }));
    link.readIsOver();
    return value;
  });
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
    withWriteLock(link, async (lock) => {
      const transaction = new OpenTransaction(link, lock, operationId);
      const value = await body(transaction);
      if (transaction.touchedRows === 0) {
        link.drop();
        return value;
      }
      const { attempt } = transaction;
      const own = await finish(link, { commit, attempt });
      link.options.onHead?.({ commit: attempt.since, own });
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
  { commit, theirs, joins = "news" }: MergeRequest,
  body: (merge: MergeTransaction) => Promise<T>,
): Promise<Merged<T>> {
  const operationId = link.options.newId();
  return repeating(link, () =>
    withWriteLock(link, async (lock) => {
      const transaction = new OpenTransaction(link, lock, operationId);
      const [ends] = await transaction.all([mergeEnds(theirs)]);
      const found = mergeKind(ends);
      const kind = found === "same-tables" && joins === "histories" ? "merge" : found;
      const value = await body(Object.assign(transaction, { ends, kind }));
      const merged = { ...ends, kind, value };
      if (kind === "merge") {
        const head = await finish(link, { commit, attempt: transaction.attempt, ending: doltCommitMerge });
        return { ...merged, head: head ?? ends.ours };
      }
      if (kind === "up-to-date" || kind === "same-tables") {
        link.drop();
        return { ...merged, head: ends.ours };
      }
      await moveForward(link, theirs);
      return { ...merged, head: theirs };
    }),
  );
}

async function moveForward(link: Link, theirs: string): Promise<void> {
  await link.uninterrupted(
    async () => {
      try {
        await link.one(fastForward(theirs));
      } catch (error) {
        if (isDecided(error) || !(await findForward(link, theirs, error))) throw error;
      }
      link.written();
      await letGo(link, undefined);
    },
    untilDecided(() => uncertainForward(theirs)),
  );
}

/** Commits the working set as it is, under the lock. Gives the hash, or undefined where there was nothing. */
export async function withWorkingSet(link: Link, commit: CommitRequest): Promise<string | undefined> {
  const operationId = link.options.newId();
  return repeating(link, () =>
    withWriteLock(link, async (lock) => {
      const since = await headIfDirty(link, lock);
      if (since !== undefined) return finish(link, { commit, attempt: { operationId, since, isMarked: false } });
      link.drop();
      return undefined;
    }),
  );
}

/** Opens a write and gives the newest commit; undefined where the working set was clean. */
async function headIfDirty(link: Link, lock: Query<boolean>): Promise<string | undefined> {
  const { statements, decode } = writeOpening(link.options, lock);
  const results = await link.open(statements, waitingForLock(link));
  try {
    decode(results);
    return undefined;
  } catch (error) {
    if (error instanceof NotReady && error.reason === "dirty") return error.head;
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
    return await withWriteLock(link, async (lock) => {
      const { statements, decode } = migrationOpening(lock);
      decode(await link.open(statements, waitingForLock(link)));
      const query: MigrationConnection["query"] = (text, parameters = []) => link.held({ text, parameters });
      return link.uninterrupted(() => body({ query }), UNTIL_MIGRATED);
    });
  } catch (error) {
    throw await link.explain(error);
  } finally {
    // The lock goes with the connection.
    link.drop();
  }
}

/** DDL commits step by step, so a migration goes on to its end; how long that takes depends on the database. */
const UNTIL_MIGRATED: Persistence = {
  forMs: 3_600_000,
  note: "going on until the migration is done (Ctrl-C again gives up)",
  givenUp: () =>
    new BdError("interrupted", "INTERRUPTED", "interrupted while migrating; the schema may be half done", {
      hint: command`bd migrate`,
    }),
};

interface Opening<T> {
  readonly opening: Query<T>;
  /** What to say when the first answer takes long. */
  readonly waitingFor?: string;
}

/** Sends queries; the first packet also carries the opening, which is checked before any answer is looked at. */
class OpenedReader<T> implements Reader {
  readonly #link: Link;
  readonly #opening: Opening<T>;
  #isOpen = false;
  /** What the opening gave, and when. */
  protected opened: { readonly answer: T; readonly at: Date } | undefined;
  /** Rows that statements have inserted, updated or deleted so far. */
  touchedRows = 0;

  constructor(link: Link, opening: Opening<T>) {
    this.#link = link;
    this.#opening = opening;
  }

  async all<const Q extends readonly Query<unknown>[]>(queries: Q): Promise<Answers<Q>> {
    const results = await this.send(queries.flatMap(({ statements }) => statements));
    this.touchedRows += results.reduce((sum, { affectedRows }) => sum + affectedRows, 0);
    return decodeAll(queries, results);
  }

  protected async send(statements: readonly Sql[]): Promise<StatementResult[]> {
    if (statements.length === 0) return [];
    if (this.#isOpen) return this.#link.send(statements);
    this.#isOpen = true;
    const { opening, waitingFor } = this.#opening;
    const results = await this.#link.open([...opening.statements, ...statements], waitingFor);
    const answer = opening.decode(results.slice(0, opening.statements.length));
    this.opened = { answer, at: this.#link.options.clock() };
    if (typeof answer === "string") this.#link.options.onHead?.({ commit: answer });
    return results.slice(opening.statements.length);
  }
}

/** The opening gives the newest commit. */
class OpenTransaction extends OpenedReader<string> implements Transaction {
  readonly operationId: string;
  #isMarked = false;

  constructor(link: Link, lock: Query<boolean>, operationId: string) {
    super(link, { opening: writeOpening(link.options, lock), waitingFor: waitingForLock(link) });
    this.operationId = operationId;
  }

  now(): Date {
    return this.#opened().at;
  }

  get attempt(): Attempt {
    return { operationId: this.operationId, since: this.#opened().answer, isMarked: this.#isMarked };
  }

  /** What changes ignored tables leaves a mark, in the packet of its first change. */
  protected override async send(statements: readonly Sql[]): Promise<StatementResult[]> {
    if (this.#isMarked || !statements.some(writesIgnoredTable)) return super.send(statements);
    const marking = setMark(this.operationId);
    const results = await super.send([...marking, ...statements]);
    this.#isMarked = true;
    return results.slice(marking.length);
  }

  #opened() {
    if (this.opened === undefined) throw new Error("a write has no time before its first answer");
    return this.opened;
  }
}

interface Ending {
  readonly commit: CommitRequest;
  readonly attempt: Attempt;
  readonly ending?: typeof doltCommit;
}

/** Makes the Dolt commit and gives its hash; from here on Ctrl-C waits for the answer. */
async function finish(link: Link, { commit, attempt, ending = doltCommit }: Ending): Promise<string | undefined> {
  await link.options.onCommitting?.(attempt);
  return link.uninterrupted(
    async () => {
      const message = withTrailers(messageOf(commit), attempt.operationId, commit.session);
      const landed = await commitOnce(link, ending(message, commitAuthor(commit.author)), attempt);
      link.written();
      await letGo(link, attempt);
      return landed.commit;
    },
    untilDecided(() => uncertainCommit(attempt)),
  );
}

/** Throws only when the change did not land, or when nobody can say whether it did. */
async function commitOnce(link: Link, ending: Query<string | undefined>, attempt: Attempt): Promise<Landed> {
  try {
    return { commit: await link.one(ending) };
  } catch (error) {
    if (isDecided(error)) throw error;
    const landed = await findOperation(link, attempt, error);
    const lost = isConnectionError(error)
      ? "the connection was lost while committing"
      : "the commit got no clear answer";
    if (landed === undefined) {
      link.options.note(`${lost}; the change had not landed`);
      throw error;
    }
    const where = landed.commit === undefined ? "" : ` (commit ${landed.commit.slice(0, 8)})`;
    link.options.note(`${lost}; the change had landed${where}`);
    return landed;
  }
}

/** The change has landed, whatever becomes of this: so nothing of it may fail the command, or repeat it. */
async function letGo(link: Link, attempt: Attempt | undefined): Promise<void> {
  const unmarking = attempt?.isMarked === true ? [removeMark(attempt.operationId)] : [];
  try {
    await link.all([...unmarking, COMMIT, releaseLock(writeLockName(link.options.database))]);
  } catch {
    link.drop(); // which frees the lock, and undoes nothing
  }
}

function messageOf(commit: CommitRequest): string {
  return typeof commit.message === "string" ? commit.message : commit.message();
}
