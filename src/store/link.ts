import { type Endpoint, endpointName } from "../core/endpoint.ts";
import { BdError } from "../errors.ts";
import { type Connection, connect } from "./connection.ts";
import { classifyDriverError, fromDriverError, hasServerErrno, isConnectionError } from "./driver-errors.ts";
import { type Answers, decodeAll, type Query, type StatementResult } from "./query.ts";
import { backoffMs, QUIET_MS, REFUSED_LIMIT_MS } from "./retry.ts";
import type { Sql } from "./sql.ts";
import type { SessionOptions } from "./store.ts";

/**
 * The session's connection: made at first use, made anew after it was lost, gone at Ctrl-C. A failed packet always ends
 * the connection, because the driver can't go on after an error inside a packet; the server then rolls back.
 */
export class Link {
  readonly options: SessionOptions;
  #connection: Connection | undefined;
  /** While an answer decides whether a change landed, Ctrl-C waits for it. */
  #uninterruptible = false;

  constructor(options: SessionOptions) {
    this.options = options;
  }

  /** Sends statements in one packet. Throws driver errors as they are: the caller knows what may be repeated. */
  async send(statements: readonly Sql[]): Promise<StatementResult[]> {
    const { signal } = this.options;
    if (!this.#uninterruptible) signal.throwIfAborted();
    this.#connection ??= await this.#connectWithBackoff();
    try {
      return await (this.#uninterruptible
        ? this.#connection.send(statements)
        : abortable(this.#connection.send(statements), signal));
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /**
   * Sends one statement over the connection that is there, and over no other: what hangs on it, such as the lock, is
   * still ours afterwards. A refused statement leaves it open. Throws BdError.
   */
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

  /** Sends queries in one packet and decodes their answers. */
  async all<const Q extends readonly Query<unknown>[]>(queries: Q): Promise<Answers<Q>> {
    return decodeAll(queries, await this.send(queries.flatMap(({ statements }) => statements)));
  }

  async one<T>(query: Query<T>): Promise<T> {
    const [answer] = await this.all([query]);
    return answer;
  }

  /** Runs `work` to its end even when Ctrl-C comes meanwhile. */
  async uninterrupted<T>(work: () => Promise<T>): Promise<T> {
    this.#uninterruptible = true;
    try {
      return await work();
    } finally {
      this.#uninterruptible = false;
    }
  }

  drop(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
  }

  /** Waits with exponential backoff for a server that is starting: 10 s when refused, `retryMaxMs` for everything. */
  async #connectWithBackoff(): Promise<Connection> {
    const { endpoint, database, timing, retryMaxMs } = this.options;
    const signal = this.#uninterruptible ? new AbortController().signal : this.options.signal;
    const started = timing.now();
    let told = false;
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        return await connect(endpoint, database);
      } catch (error) {
        const waited = timing.now() - started;
        const limit = classifyDriverError(error) === "refused" ? Math.min(REFUSED_LIMIT_MS, retryMaxMs) : retryMaxMs;
        const pause = backoffMs(attempt, timing.random);
        if (!isConnectionError(error)) throw notMysql(error, endpoint) ?? error;
        if (waited + pause > limit) throw error;
        if (!told && waited + pause > QUIET_MS) {
          told = true;
          this.options.note(`${this.toBdError(error).message}; still trying (${this.options.startHint()})`);
        }
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
    if (cut && !(error instanceof BdError)) return interrupted();
    return describeError(error, this.options);
  }
}

/** The error for people, with the hint that fits this machine where no server answers. */
export function describeError(
  error: unknown,
  where: Pick<SessionOptions, "endpoint" | "startHint"> & { readonly database: string | undefined },
): BdError {
  const described = fromDriverError(error, where.endpoint, where.database);
  if (described.code !== "SERVER_UNREACHABLE") return described;
  return new BdError(described.kind, described.code, described.message, { hint: where.startHint(), cause: error });
}

/** For what connecting threw: errors that a server sent carry a number; without one it does not greet as MySQL does. */
export function notMysql(error: unknown, endpoint: Endpoint): BdError | undefined {
  if (classifyDriverError(error) !== "other" || hasServerErrno(error)) return undefined;
  return new BdError(
    "config",
    "NOT_MYSQL",
    `what answers at ${endpointName(endpoint)} does not speak the MySQL protocol`,
    {
      hint: "bd dolt show",
      cause: error,
    },
  );
}

function connectionGone(): BdError {
  return new BdError("unavailable", "CONNECTION_LOST", "the connection to the server was lost", { hint: "bd ping" });
}

export function interrupted(): BdError {
  return new BdError("interrupted", "INTERRUPTED", "interrupted; nothing was written");
}

/** Settles as the promise does, or rejects as soon as the signal aborts. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(interrupted());
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener("abort", onAbort);
    // The loser of the race may still reject; nobody else listens.
    promise.catch(() => {});
  }
}
