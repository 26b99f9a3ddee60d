import type { Endpoint } from "../core/endpoint.ts";
import type { StatementResult } from "./query.ts";
import type { Sql } from "./sql.ts";

/** One connection, as little as we need of it. Any error in a packet makes it unusable: destroy it. */
export interface Connection {
  /** Sends statements in one packet and awaits all answers. At most the first of them may commit. Throws driver errors. */
  send(statements: readonly Sql[]): Promise<StatementResult[]>;
  /** Drops the socket; the server rolls back and frees our locks. */
  destroy(): void;
}

export const CONNECT_TIMEOUT_MS = 5000;

/** Connects. The database is named in the handshake, so nothing is sent to prepare the session. Throws driver errors. */
export async function connect(endpoint: Endpoint, database: string | undefined): Promise<Connection> {
  const [driver, { createConnection: openSocket }] = await Promise.all([import("mysql2/promise"), import("node:net")]);
  const { host, port, socketPath } = endpoint;
  const socket = openSocket(socketPath === undefined ? { host, port, noDelay: true } : { path: socketPath });
  const connection = await driver.createConnection({
    stream: socket,
    user: endpoint.user,
    ...(endpoint.password === undefined ? {} : { password: endpoint.password }),
    ...(database === undefined ? {} : { database }),
    ...(endpoint.tls ? { ssl: {} } : {}),
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
      socket.destroy();
    },
  };
}

function toResult(answer: unknown): StatementResult {
  if (Array.isArray(answer)) return { rows: answer, affectedRows: 0 };
  const header: { affectedRows?: unknown } = typeof answer === "object" && answer !== null ? answer : {};
  return { rows: [], affectedRows: typeof header.affectedRows === "number" ? header.affectedRows : 0 };
}
