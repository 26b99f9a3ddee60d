import { endpointName } from "../core/endpoint.ts";
import { BdError, command } from "../errors.ts";
import { type Connection, connect } from "./connection.ts";
import { describeError, notMysql } from "./describe-error.ts";
import { classifyDriverError, hasServerErrno, isConnectionError } from "./driver-errors.ts";
import { type Answers, decodeAll, type Query, type StatementResult } from "./query.ts";
import { backoffMs, QUIET_MS, REFUSED_LIMIT_MS } from "./retry.ts";
import type { Sql } from "./sql.ts";
import type { SessionOptions } from "./store.ts";

/**
 * The session's connection: made when an operation opens, made anew after it was lost, gone at Ctrl-C. A failed packet
 * always ends the connection, because the driver can't go on after an error inside a packet; the server then rolls back.
 */
export class Link {
  readonly options: SessionOptions;
  #connection: Connection | undefined;
  /** While an answer decides whether a change landed, Ctrl-C waits for it. */
  #uninterruptible = false;
  /** Whether this session has committed something: then an interruption must not claim the contrary. */
  #hasWritten = false;
  /** When the running operation first had to wait for something. */
  #troubledSince: number | undefined;
  readonly #told = new Set<string>();

  constructor(options: SessionOptions) {
    this.options = options;
  }

  /** A new operation has all the time of `retryMaxMs` for its troubles. */
  startOperation(): void {
    this.#troubledSince = undefined;
    this.#told.clear();
  }

  /** Says that the operation has been waiting since then; only the first wait counts. */
  troubled(since = this.options.timing.now()): void {
    this.#troubledSince ??= since;
  }

  /** How long the operation may still go on waiting. Its first trouble starts the clock, so long work costs nothing. */
  remainingMs(): number {
    const { timing, retryMaxMs } = this.options;
    return this.#troubledSince === undefined ? retryMaxMs : this.#troubledSince + retryMaxMs - timing.now();
  }

  /**
   * Sends statements that begin something, in one packet: connects where there is no connection. An answer that takes
   * longer than a second is announced with `waitingFor`. Throws driver errors: the caller knows what may be repeated.
   */
  async open(statements: readonly Sql[], waitingFor?: string): Promise<StatementResult[]> {
    if (!this.#uninterruptible) this.options.signal.throwIfAborted();
    this.#connection ??= await this.#connectWithBackoff();
    const sent = () => this.send(statements);
    return waitingFor === undefined ? sent() : this.#announcing(() => waitingFor, sent);
  }

  /**
   * Sends statements in one packet over the connection that is there, and over no other: the lock, the transaction and
   * its snapshot hang on it. Throws driver errors as they are.
   */
  async send(statements: readonly Sql[]): Promise<StatementResult[]> {
    if (this.#connection === undefined) throw connectionGone();
    try {
      const answer = this.#connection.send(statements);
      return await (this.#uninterruptible ? answer : abortable(answer, this.options.signal));
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** Like `send` for one statement, but a refused statement leaves the connection open. Throws BdError. */
  async held(statement: Sql): Promise<StatementResult["rows"]> {
    try {
      if (this.#connection === undefined) throw connectionGone();
      const [result] = await this.#connection.send([statement]);
      return result?.rows ?? [];
    } catch (error) {
      if (isConnectionError(error)) this.drop();
      throw this.toBdError(error);
    }
  }

  /**
   * One statement apart from any transaction, such as a procedure of Dolt that reaches for a remote. A refused one leaves
   * the connection open, with the locks that hang on it. Throws what the server says as it is, and BdError otherwise.
   */
  async ask(statement: Sql): Promise<StatementResult> {
    const { signal } = this.options;
    try {
      signal.throwIfAborted();
      this.#connection ??= await this.#connectWithBackoff();
      const [result] = await abortable(this.#connection.send([statement]), signal);
      return result ?? { rows: [], affectedRows: 0 };
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

  /** Runs `work` to its end even when Ctrl-C comes meanwhile. */
  async uninterrupted<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#uninterruptible;
    this.#uninterruptible = true;
    try {
      return await work();
    } finally {
      this.#uninterruptible = before;
    }
  }

  /** The session has committed something. */
  written(): void {
    this.#hasWritten = true;
  }

  drop(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /** The user hears of it once per operation, and only when it takes longer than a second. */
  async #announcing<T>(line: () => string, work: () => Promise<T>): Promise<T> {
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

  async #connectWithBackoff(): Promise<Connection> {
    const { endpoint, startHint } = this.options;
    const signal = this.#uninterruptible ? new AbortController().signal : this.options.signal;
    const line = () => `no answer from ${endpointName(endpoint)} yet, still trying (${startHint()})`;
    return this.#announcing(line, () => this.#connectUntilItWorks(signal));
  }

  /**
   * Waits with exponential backoff for a server that is starting: 10 s when refused, `retryMaxMs` for everything.
   * Throws BdError when that time is over, and the driver's error where waiting is no use.
   */
  async #connectUntilItWorks(signal: AbortSignal): Promise<Connection> {
    const { endpoint, database, timing } = this.options;
    const started = timing.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await connect(endpoint, database, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!isConnectionError(error)) throw notMysql(error, endpoint) ?? error;
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
    const cut = this.options.signal.aborted && !this.#uninterruptible;
    if (cut && !(error instanceof BdError)) return interrupted(this.#hasWritten);
    return describeError(error, this.options);
  }
}

function connectionGone(): BdError {
  return new BdError("unavailable", "CONNECTION_LOST", "the connection to the server was lost", {
    hint: command`bd ping`,
  });
}

function interrupted(hasWritten: boolean): BdError {
  const truth = hasWritten ? "what was committed before stays" : "nothing was written";
  return new BdError("interrupted", "INTERRUPTED", `interrupted; ${truth}`);
}

/** Settles as the promise does, or rejects with the signal's reason as soon as that aborts. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    // The loser of the race may still reject; nobody else listens.
    promise.catch(() => {});
    aborted.catch(() => {});
  }
}
