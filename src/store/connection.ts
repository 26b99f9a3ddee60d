import type { Socket, TcpNetConnectOpts } from "node:net";
import type { ConnectionOptions } from "mysql2/promise";
import type { Endpoint } from "../core/endpoint.ts";
import type { BdError } from "../errors.ts";
import { guardedLogin } from "./login.ts";
import type { StatementResult } from "./query.ts";
import type { Sql } from "./sql.ts";

/** One connection, as little as we need of it. Any error in a packet makes it unusable: destroy it. */
export interface Connection {
  /** Sends statements in one packet and awaits all answers. At most the first of them may commit. Throws driver errors. */
  send(statements: readonly Sql[]): Promise<StatementResult[]>;
  /** Drops the socket; the server rolls back and frees our locks. */
  destroy(): void;
}

const CONNECT_TIMEOUT_MS = 5000;

/**
 * Connects. The database is named in the handshake, so nothing is sent to prepare the session. The signal ends the
 * attempt, not the connection that came of it. Throws driver errors, and the signal's reason.
 */
export async function connect(
  endpoint: Endpoint,
  database: string | undefined,
  signal?: AbortSignal,
): Promise<Connection> {
  const [driver, net] = await Promise.all([import("mysql2/promise"), import("node:net")]);
  signal?.throwIfAborted();
  const { host, port, socketPath } = endpoint;
  const address = endpoint.tls && net.isIP(host) !== 0 ? checkable(host) : { host };
  const socket = net.createConnection({
    ...(socketPath === undefined ? { ...address, port, noDelay: true } : { path: socketPath }),
    keepAlive: true,
  });
  socket.once("data", (first: Buffer) => {
    if (!mayBeMysql(first)) socket.destroy(new Error("the first bytes are no packet of MySQL"));
  });
  const giveUp = () => socket.destroy();
  signal?.addEventListener("abort", giveUp, { once: true });
  let refusal: BdError | undefined;
  const guard = guardedLogin(endpoint, (error) => {
    refusal = error;
  });
  try {
    const ssl = endpoint.tls ? { ssl: { verifyIdentity: true } } : {};
    return await logIn(driver, endpoint, { database, stream: socket, ...guard, ...ssl });
  } catch (error) {
    // The driver leaves the socket of a refused login open.
    socket.destroy();
    signal?.throwIfAborted();
    throw refusal ?? error;
  } finally {
    signal?.removeEventListener("abort", giveUp);
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

/** The driver would wait for the rest of a packet: other protocols' first bytes read as a length of megabytes. */
function mayBeMysql(first: Buffer): boolean {
  const sequenceNumber = first.at(3);
  return sequenceNumber === undefined || sequenceNumber === 0;
}

interface Way extends Pick<ConnectionOptions, "ssl" | "authPlugins" | "flags" | "infileStreamFactory"> {
  readonly stream: Socket;
}

async function logIn(
  driver: typeof import("mysql2/promise"),
  endpoint: Endpoint,
  { database, ...way }: Way & { readonly database: string | undefined },
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
  return {
    async send(statements) {
      const packet = statements.map(({ text, parameters }) => driver.format(text, [...parameters])).join(";\n");
      const [answer] = await connection.query(packet);
      if (statements.length === 1) return [toResult(answer)];
      if (!Array.isArray(answer)) throw new Error("the server gave one answer to several statements");
      return answer.map(toResult);
    },
    destroy() {
      connection.destroy();
      // The driver only ends our half and waits for the server's: a round trip more before the process may end.
      way.stream.destroy();
    },
  };
}

function toResult(answer: unknown): StatementResult {
  if (Array.isArray(answer)) return { rows: answer, affectedRows: 0 };
  const header: { affectedRows?: unknown } = typeof answer === "object" && answer !== null ? answer : {};
  return { rows: [], affectedRows: typeof header.affectedRows === "number" ? header.affectedRows : 0 };
}
