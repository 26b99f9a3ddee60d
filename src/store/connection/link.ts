import { endpointName } from "../../core/endpoint.ts";
import { onInterruption } from "../../core/interruption.ts";
import { BdError } from "../../errors.ts";
import { type Answers, decodeAll, NO_ANSWER, type Query, type StatementResult } from "../query.ts";
import type { Caller, ConnectionOptions, SessionOptions } from "../session-types.ts";
import type { Sql } from "../sql.ts";
import { ROLLBACK } from "../statements.ts";
import { abortable } from "./abortable.ts";
import { LONG_ROUNDS, type Rounds, STATEMENT_ROUNDS } from "./answer-limit.ts";
import { classifyDriverError, hasServerErrno, isConnectionError } from "./classify-driver-error.ts";
import { type Connection, connect } from "./connection.ts";
import { describeError } from "./describe-error.ts";
import { connectionGone, interrupted, lockGone } from "./link-errors.ts";
import { backoffMs, QUIET_MS, REFUSED_LIMIT_MS } from "./pauses.ts";

const NOBODY: Caller = { signal: new AbortController().signal, note: () => {} };

/** What becomes of work that goes on over a Ctrl-C. */
export interface Persistence {
  /** How long it goes on after the first; a second one ends it at once. */
  readonly forMs: number;
  /** What the user hears at the first. */
  readonly note: string;
  /** The truth, when it was given up. */
  readonly givenUp: () => BdError;
}

/**
 * The session's connection: made when an operation opens, made anew after it was lost, gone at Ctrl-C. A failed packet
 * always ends the connection, because the driver can't go on after an error inside a packet; the server then rolls back.
 */
export class Link {
  readonly #shared: ConnectionOptions;
  #caller: Caller = NOBODY;
  #connection: Connection | undefined;
  /** While an answer decides whether a change landed, Ctrl-C waits for it, and only giving up ends it. */
  #persisting: AbortSignal | undefined;
  /** Whether this session has committed something: then an interruption must not claim the contrary. */
  #hasWritten = false;
  /** A read's snapshot that nobody needs any more: the next packet ends it, or the first pause. */
  #staleSnapshot: NodeJS.Immediate | undefined;
  /** Locks that hang on the connection: while there are any, it is not made anew. */
  #heldLocks = 0;
  #rounds: Rounds = STATEMENT_ROUNDS;
  /** When the running operation first had to wait for something, or last saw that it goes on. */
  #troubledSince: number | undefined;
  readonly #told = new Set<string>();

  constructor(options: ConnectionOptions) {
    this.#shared = options;
  }

  /** Works for another caller from now on, who is told nothing of what was before. */
  serve(caller: Caller): void {
    this.#caller = caller;
    this.#hasWritten = false;
    this.#told.clear();
  }

  get options(): SessionOptions {
    return { ...this.#shared, ...this.#caller };
  }

  /** A new operation has all the time of `retryMaxMs` for its troubles; packets of a long one may take hours. */
  startOperation(rounds: Rounds = STATEMENT_ROUNDS): void {
    this.#troubledSince = undefined;
    this.#rounds = rounds;
    // A server that has been away since is no news: whoever watches is not told again and again.
    if (this.#connection !== undefined) this.#told.clear();
  }

  /** Says that the operation has been waiting since then; only the first wait counts. */
  troubled(since = this.options.timing.now()): void {
    this.#troubledSince ??= since;
  }

  /** What the operation waits for has moved on: the time of waiting begins anew. */
  progressed(): void {
    this.#troubledSince = this.options.timing.now();
  }

  /** How long the operation may still go on waiting. Its first trouble starts the clock, so long work costs nothing. */
  remainingMs(): number {
    const { timing, retryMaxMs } = this.options;
    return this.#troubledSince === undefined ? retryMaxMs : this.#troubledSince + retryMaxMs - timing.now();
  }

  /** Waits; ends at Ctrl-C as packets do. */
  sleep(ms: number): Promise<void> {
    return this.options.timing.sleep(ms, this.#signal);
  }

  get #signal(): AbortSignal {
    return this.#persisting ?? this.options.signal;
  }

  /**
   * Sends statements that begin something, in one packet: connects where there is no connection. An answer that takes
   * longer than a second is announced with `waitingFor`. Throws driver errors: the caller knows what may be repeated.
   */
  async open(statements: readonly Sql[], waitingFor?: string): Promise<StatementResult[]> {
    this.#signal.throwIfAborted();
    await this.#connect();
    // What begins here has a snapshot of its own.
    this.#snapshotEnded();
    const sent = () => this.send(statements);
    return waitingFor === undefined ? sent() : this.announcing(() => waitingFor, sent);
  }

  /**
   * Sends statements in one packet over the connection that is there, and over no other: the lock, the transaction and
   * its snapshot hang on it. Throws driver errors as they are.
   */
  async send(statements: readonly Sql[]): Promise<StatementResult[]> {
    if (this.#connection === undefined) throw connectionGone();
    const sent = this.options.timing.now();
    try {
      return await abortable(this.#connection.send(statements, this.#rounds), this.#signal);
    } catch (error) {
      if (classifyDriverError(error) === "unanswered") this.troubled(sent);
      this.drop();
      throw error;
    }
  }

  /** Like `send` for one statement, but a refused statement leaves the connection open. Throws BdError. */
  async held(statement: Sql): Promise<StatementResult["rows"]> {
    try {
      if (this.#connection === undefined) throw connectionGone();
      const [result] = await abortable(this.#connection.send([statement], this.#rounds), this.#signal);
      return result?.rows ?? [];
    } catch (error) {
      if (isConnectionError(error) || this.#signal.aborted) this.drop();
      throw this.toBdError(error);
    }
  }

  /**
   * One statement apart from any transaction, such as a procedure of Dolt that reaches for a remote. A refused one leaves
   * the connection open, with the locks that hang on it. Throws what the server says as it is, and BdError otherwise.
   */
  async ask(statement: Sql): Promise<StatementResult> {
    const signal = this.#signal;
    try {
      signal.throwIfAborted();
      const connection = await this.#connect();
      if (this.#snapshotEnded()) await abortable(connection.send(ROLLBACK.statements), signal);
      const [result] = await abortable(connection.send([statement], LONG_ROUNDS), signal);
      return result ?? NO_ANSWER;
    } catch (error) {
      if (!signal.aborted && hasServerErrno(error) && !isConnectionError(error)) throw error;
      this.drop();
      throw this.toBdError(error);
    }
  }

  /** Sends queries in one packet, over the connection that is there, and decodes their answers. */
  async all<const Q extends readonly Query<unknown>[]>(queries: Q): Promise<Answers<Q>> {
    return decodeAll(queries, await this.send(queries.flatMap(({ statements }) => statements)));
  }

  async one<T>(query: Query<T>): Promise<T> {
    const [answer] = await this.all([query]);
    return answer;
  }

  /** Runs `work` to its end even when Ctrl-C comes meanwhile, but not for ever; not at all where it came before. */
  async uninterrupted<T>(work: () => Promise<T>, { forMs, note, givenUp }: Persistence): Promise<T> {
    if (this.#persisting !== undefined) return work();
    this.options.signal.throwIfAborted();
    const persisting = new AbortController();
    const giveUp = () => persisting.abort(givenUp());
    let timer: NodeJS.Timeout | undefined;
    const stopListening = onInterruption(this.options.signal, {
      first: () => {
        this.options.note(note);
        timer = setTimeout(giveUp, forMs);
      },
      again: giveUp,
    });
    this.#persisting = persisting.signal;
    try {
      return await work();
    } finally {
      this.#persisting = undefined;
      clearTimeout(timer);
      stopListening();
    }
  }

  /** Runs `work` while locks hang on the connection: when that is lost, so are they, and all that follows fails. */
  async holdingLock<T>(work: () => Promise<T>): Promise<T> {
    this.#heldLocks += 1;
    try {
      return await work();
    } finally {
      this.#heldLocks -= 1;
    }
  }

  /** The session has committed something. */
  written(): void {
    this.#hasWritten = true;
  }

  /** A read is over. Its transaction ends with the next packet, or as soon as the program pauses: it pins an old state. */
  readIsOver(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#snapshotEnded();
    this.#staleSnapshot = setImmediate(() => {
      this.#staleSnapshot = undefined;
      connection.send(ROLLBACK.statements).catch(() => {
        if (this.#connection === connection) this.drop();
      });
    });
  }

  /** Ends what a read left open, for nobody in particular: the caller may be gone. False where the connection is gone. */
  async cleaned(): Promise<boolean> {
    this.#caller = NOBODY;
    if (this.#snapshotEnded()) await this.all([ROLLBACK]).catch(() => this.drop());
    return this.#connection !== undefined;
  }

  /** Whether a read's transaction was still open. */
  #snapshotEnded(): boolean {
    const wasOpen = this.#staleSnapshot !== undefined;
    clearImmediate(this.#staleSnapshot);
    this.#staleSnapshot = undefined;
    return wasOpen;
  }

  drop(): void {
    this.#snapshotEnded();
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /** The user hears of it once per operation, of a server that stays away once for all of them, and only after a second. */
  async announcing<T>(line: () => string, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      const text = line();
      if (!this.#told.has(text)) this.options.note(text);
      this.#told.add(text);
    }, QUIET_MS);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }

  async #connect(): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    if (this.#heldLocks > 0) throw lockGone();
    const { endpoint, startHint } = this.options;
    const line = () => `no answer from ${endpointName(endpoint)} yet, still trying (${startHint()})`;
    this.#connection = await this.announcing(line, () => this.#connectUntilItWorks(this.#signal));
    return this.#connection;
  }

  /**
   * Waits with exponential backoff for a server that is starting: 10 s when refused, `retryMaxMs` for everything.
   * Throws BdError when that time is over, and the driver's error where waiting is no use.
   */
  async #connectUntilItWorks(signal: AbortSignal): Promise<Connection> {
    const { endpoint, database, timing, answerLimitMs, answerMaxBytes } = this.options;
    const started = timing.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await connect(endpoint, database, { signal, answerLimitMs, answerMaxBytes });
      } catch (error) {
        signal.throwIfAborted();
        if (!isConnectionError(error)) throw error;
        this.troubled(started);
        const refused = classifyDriverError(error) === "refused";
        const left = Math.min(this.remainingMs(), refused ? started + REFUSED_LIMIT_MS - timing.now() : Infinity);
        const pause = backoffMs(attempt, timing.random);
        if (pause > left) throw this.toBdError(error);
        await timing.sleep(pause, signal);
      }
    }
  }

  /** Like `toBdError`, after a look at the server where the error itself says little. */
  async explain(error: unknown): Promise<BdError> {
    if (error instanceof BdError || this.options.signal.aborted || isConnectionError(error))
      return this.toBdError(error);
    const { diagnose } = await import("./diagnose.ts");
    return diagnose(error, this.options);
  }

  /** The error for people; Ctrl-C explains whatever it broke, unless the work goes on to its end. */
  toBdError(error: unknown): BdError {
    const cut = this.options.signal.aborted && this.#persisting === undefined;
    if (cut && !(error instanceof BdError)) return interrupted(this.#hasWritten);
    return describeError(error, this.options);
  }
}
