import type { Socket, TcpNetConnectOpts } from "node:net";
import type { ConnectionOptions } from "mysql2/promise";
import type { Endpoint } from "../../core/endpoint.ts";
import { BdError } from "../../errors.ts";
import { answersMismatch, NO_ANSWER, type StatementResult } from "../query.ts";
import { raw, type Sql } from "../sql.ts";
import { ANSWER_LIMIT_MS, LOGIN_LIMIT_MS, type Rounds, STATEMENT_ROUNDS, withinLimit } from "./answer-limit.ts";
import { ANSWER_MAX_BYTES, withinSize } from "./answer-size.ts";
import { classifyDriverError, hasServerErrno, isDriverError } from "./classify-driver-error.ts";
import { guardedLogin } from "./login.ts";

/** One connection, as little as we need of it. Any error in a packet makes it unusable: destroy it. */
export interface Connection {
  /**
   * Sends statements in one packet and awaits all answers. At most the first of them may commit. Throws driver errors, one
   * of them when the server falls silent: `rounds` is how often it may say that it is still working.
   */
  send(statements: readonly Sql[], rounds?: Rounds): Promise<StatementResult[]>;
  /** Drops the socket; the server rolls back and frees our locks. */
  destroy(): void;
}

const CONNECT_TIMEOUT_MS = 5000;
const NEVER = new AbortController().signal;

export interface ConnectOptions {
  /** Ends the attempt, not the connection that came of it. */
  readonly signal?: AbortSignal;
  /** Default: ANSWER_LIMIT_MS. */
  readonly answerLimitMs?: number | undefined;
  /** Default: ANSWER_MAX_BYTES. */
  readonly answerMaxBytes?: number | undefined;
}

/**
 * Connects. The database is named in the handshake, so nothing is sent to prepare the session. Throws driver errors,
 * and the signal's reason.
 */
export async function connect(
  endpoint: Endpoint,
  database: string | undefined,
  { signal = NEVER, answerLimitMs = ANSWER_LIMIT_MS, answerMaxBytes = ANSWER_MAX_BYTES }: ConnectOptions = {},
): Promise<Connection> {
  const [driver, net] = await Promise.all([import("mysql2/promise"), import("node:net")]);
  signal.throwIfAborted();
  const { host, port, socketPath } = endpoint;
  const address = endpoint.tls && net.isIP(host) !== 0 ? checkable(host) : { host };
  const socket = net.createConnection({
    ...(socketPath === undefined ? { ...address, port, noDelay: true } : { path: socketPath }),
    keepAlive: true,
  });
  socket.once("data", (first: Buffer) => {
    if (!mayBeMysql(first)) socket.destroy(notMysql("the first bytes are no packet of MySQL"));
  });
  const giveUp = () => socket.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  let refusal: BdError | undefined;
  const guard = guardedLogin(endpoint, (error) => {
    refusal = error;
  });
  try {
    const ssl = endpoint.tls ? { ssl: { verifyIdentity: true } } : {};
    const limits = { answerLimitMs, answerMaxBytes };
    const loggedIn = logIn(driver, endpoint, { database, stream: socket, limits, ...guard, ...ssl });
    const ms = Math.min(LOGIN_LIMIT_MS, answerLimitMs);
    const inTime = withinLimit(loggedIn, { ms, rounds: 0, givenUp: signal, stillWorking: async () => false });
    return await withinSize(inTime, { endpoint, socket, maxBytes: answerMaxBytes });
  } catch (error) {
    // The driver leaves the socket of a refused login open.
    socket.destroy();
    signal.throwIfAborted();
    if (refusal !== undefined) throw refusal;
    throw isDriverError(error) && classifyDriverError(error) === "other" && !hasServerErrno(error)
      ? notMysql("the driver does not understand the greeting", error)
      : error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/**
 * A certificate is checked against the name that was looked up, and Node looks up no bare address: any certificate would
 * do. With a dot behind it, it is a name, of which the check takes the dot off again.
 */
function checkable(address: string): Pick<TcpNetConnectOpts, "host" | "lookup"> {
  const family = address.includes(":") ? 6 : 4;
  return {
    host: `${address}.`,
    lookup: (_name, { all }, found) =>
      all === true ? found(null, [{ address, family }]) : found(null, address, family),
  };
}

/** Something else listens there. */
function notMysql(why: string, cause?: unknown): Error {
  return Object.assign(new Error(why, { cause }), { code: "NOT_MYSQL" });
}

/** The driver would wait for the rest of a packet: other protocols' first bytes read as a length of megabytes. */
function mayBeMysql(first: Buffer): boolean {
  const sequenceNumber = first.at(3);
  return sequenceNumber === undefined || sequenceNumber === 0;
}

interface Way extends Pick<ConnectionOptions, "ssl" | "authPlugins" | "flags" | "infileStreamFactory"> {
  readonly stream: Socket;
}

interface Limits {
  readonly answerLimitMs: number;
  readonly answerMaxBytes: number;
}

async function logIn(
  driver: typeof import("mysql2/promise"),
  endpoint: Endpoint,
  { database, limits, ...way }: Way & { readonly database: string | undefined; readonly limits: Limits },
): Promise<Connection> {
  const connection = await driver.createConnection({
    ...way,
    host: endpoint.host,
    user: endpoint.user,
    ...(endpoint.password === undefined ? {} : { password: endpoint.password }),
    ...(database === undefined ? {} : { database }),
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    multipleStatements: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  // An idle connection that dies emits 'error'; without a listener that would end the process.
  connection.on("error", () => {});
  const gone = new AbortController();
  const givenUp = gone.signal;
  const stillWorking = () => isWorking(endpoint, connection.threadId, { ...limits, signal: givenUp });
  return {
    async send(statements, rounds = STATEMENT_ROUNDS) {
      const packet = statements.map(({ text, parameters }) => driver.format(text, [...parameters])).join(";\n");
      const asked = connection.query(packet);
      const inTime = withinLimit(asked, { ms: limits.answerLimitMs, rounds, givenUp, stillWorking });
      const size = { endpoint, socket: way.stream, maxBytes: limits.answerMaxBytes };
      const [answer] = await withinSize(inTime, size);
      if (statements.length === 1) return [toResult(answer)];
      if (!Array.isArray(answer)) throw answersMismatch(statements.length, 1);
      return answer.map(toResult);
    },
    destroy() {
      connection.destroy();
      // The driver only ends our half and waits for the server's: a round trip more before the process may end.
      way.stream.destroy();
      gone.abort(destroyed());
    },
  };
}

/** What who still waits for an answer hears after `destroy`. */
function destroyed(): Error {
  return Object.assign(new Error("the connection was given up"), { code: "PROTOCOL_CONNECTION_LOST" });
}

/** Whether the server, asked on another connection, says that one of ours is at work; the signal ends that one too. */
async function isWorking(
  endpoint: Endpoint,
  id: number,
  options: ConnectOptions & { readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    const witness = await connect(endpoint, undefined, options);
    options.signal.addEventListener("abort", () => witness.destroy(), { once: true });
    try {
      options.signal.throwIfAborted();
      const [found] = await witness.send(
        [raw(`SELECT COMMAND AS command FROM information_schema.processlist WHERE ID = ${id}`)],
        0,
      );
      return found?.rows[0]?.["command"] === "Query";
    } finally {
      witness.destroy();
    }
  } catch {
    return false;
  }
}

function toResult(answer: unknown): StatementResult {
  if (Array.isArray(answer)) return { rows: answer, isTable: true, affectedRows: 0 };
  const header: { affectedRows?: unknown } = typeof answer === "object" && answer !== null ? answer : {};
  return { ...NO_ANSWER, affectedRows: typeof header.affectedRows === "number" ? header.affectedRows : 0 };
}
