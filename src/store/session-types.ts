import type { Actor } from "../core/actor.ts";
import type { Endpoint } from "../core/endpoint.ts";
import type { CommandLine } from "../errors.ts";
import type { Timing } from "./connection/pauses.ts";
import type { Merged, MergeTransaction } from "./merge.ts";
import type { MigrationConnection } from "./migrate/migration-connection.ts";
import type { Answers, Query } from "./query.ts";

/** Sends queries in one packet, on one snapshot, and gives their answers in order. */
export interface Reader {
  all<const Q extends readonly Query<unknown>[]>(queries: Q): Promise<Answers<Q>>;
}

/**
 * An open transaction. Queries that no earlier answer decides should ride in one call: the first call also carries
 * the lock, BEGIN and the checks, so a write without a prior read costs one round trip less.
 */
export interface Transaction extends Reader {
  /** The nonce of this change; it travels in the commit message. */
  readonly operationId: string;
  /**
   * When this change happens: the clock as it stood when the lock was got, so that no wait lies between. Known as soon as
   * the first answer is there; asking earlier is a bug, and throws.
   */
  now(): Date;
}

export interface CommitRequest {
  /** One line that says what the user did; called after the body, so that it can name what was made. */
  readonly message: string | (() => string);
  readonly author: Actor;
  /** Of the person or agent, where one is named: whose change it is, if several share a name. */
  readonly session?: string | undefined;
}

export interface MergeRequest {
  /** Of the merge commit; a fast-forward makes none. */
  readonly commit: CommitRequest;
  /** The hash of the commit to join. */
  readonly theirs: string;
  /** Whether commits are joined that made the same tables on both sides; by default only what is new is. */
  readonly joins?: "news" | "histories";
}

/**
 * One connection's worth of work on one database, in the hands of one user, who does one thing at a time: what begins
 * before the last has ended is a bug, and throws.
 */
export interface Session {
  /** Runs the body on one snapshot. It may run again after a lost connection, so it must only read. */
  read<T>(body: (reader: Reader) => Promise<T>): Promise<T>;
  /** The hash of the newest commit, at the price of one cheap packet: for those who ask again and again. */
  newestCommit(): Promise<string>;
  /**
   * Runs the body in one transaction under the write lock, ended by one Dolt commit that is verified. The body may run
   * again, so it touches nothing but the transaction. A body that changes no row makes no commit.
   */
  write<T>(commit: CommitRequest, body: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Joins the commit with that hash into our branch; see `withMerge`. */
  merge<T>(request: MergeRequest, body: (merge: MergeTransaction) => Promise<T>): Promise<Merged<T>>;
  /** Commits what other programs left in the working set. Gives the commit's hash, or undefined where all was clean. */
  commitWorkingSet(commit: CommitRequest): Promise<string | undefined>;
  /**
   * Runs the body once, on one connection under the write lock, starting on a clean working set. It sends single
   * statements and makes its own commits.
   */
  migrate<T>(body: (connection: MigrationConnection) => Promise<T>): Promise<T>;
  /**
   * Runs one statement apart from any transaction, such as a procedure of Dolt that works on remotes. A refused one leaves
   * the connection and its locks as they are. Throws what the server says as it is, and BdError otherwise.
   */
  call<T>(query: Query<T>): Promise<T>;
  /**
   * Holds an advisory lock while `work` goes on, with this session and beside it. The lock hangs on the session's
   * connection: when that is lost, the session fails from then on. Throws what `busy` makes when it waited for too long.
   */
  locked<T>(lock: LockRequest, work: () => Promise<T>): Promise<T>;
  /**
   * Whether a change landed that somebody else sent to be committed, and got no answer. Undefined where it was rolled
   * back, which is final. Throws BdError unavailable/COMMIT_UNCERTAIN.
   */
  settle(attempt: Attempt): Promise<Landed | undefined>;
  close(): void;
}

export interface LockRequest {
  readonly name: string;
  /** How long to wait for somebody else. */
  readonly waitMs: number;
  /** Called once, when there is somebody else. */
  readonly onWait: () => void;
  readonly busy: () => Error;
}

/** A session that goes back to where it came from. */
export interface Lease extends Session {
  /** Gives it back, without a transaction or a lock. False where it has to be connected anew. */
  release(): Promise<boolean>;
}

/** A connection to one database that many may use, one after the other. */
export interface SharedConnection {
  /** Hands it to one user, until that gives it back; asking before is a bug, and throws. */
  lease(caller: Caller): Lease;
  close(): void;
}

/** Who works with a session: each may be interrupted, and hears what concerns it. */
export interface Caller {
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** A line for the user about a wait or a repair. */
  readonly note: (line: string) => void;
  /** Hears of the newest commit of each snapshot; asking for it costs reads a statement more. */
  readonly onHead?: ((seen: SeenHead) => void) | undefined;
  /** Hears of each change before it is sent to be committed, which waits for it. */
  readonly onCommitting?: ((attempt: Attempt) => Promise<void>) | undefined;
}

/** A change that was sent to be committed, and what shows that it landed. */
export interface Attempt {
  readonly operationId: string;
  /** The newest commit when the change began: what lies before it need not be searched. */
  readonly since: string;
  /** Whether it also changed tables that Dolt ignores, and left its mark there. */
  readonly isMarked: boolean;
}

/** The commit is undefined where the change touched ignored tables alone. */
export interface Landed {
  readonly commit: string | undefined;
}

/** The newest commit that somebody saw. */
export interface SeenHead {
  readonly commit: string;
  /** The one that they made on it, with nothing in between. */
  readonly own?: string | undefined;
}

/** What a connection is made from, whoever uses it. */
export interface ConnectionOptions {
  readonly endpoint: Endpoint;
  readonly database: string;
  /** The project that the workspace belongs to, from `metadata.json`. */
  readonly projectId: string | undefined;
  readonly timing: Timing;
  /** The time of day. */
  readonly clock: () => Date;
  /** How long to go on after transient connection errors, in milliseconds. */
  readonly retryMaxMs: number;
  readonly newId: () => string;
  /** What to type where no server answers. */
  readonly startHint: () => CommandLine;
  /** How long a packet may go without an answer; see `answer-limit.ts`. */
  readonly answerLimitMs?: number;
  /** How large the answer to one packet may be; see `answer-size.ts`. */
  readonly answerMaxBytes?: number;
}

export type SessionOptions = ConnectionOptions & Caller;
