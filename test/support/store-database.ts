import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { v7 as uuidv7 } from "uuid";
import type { Endpoint } from "../../src/core/endpoint.ts";
import { command } from "../../src/errors.ts";
import type { Timing } from "../../src/store/connection/pauses.ts";
import { openSession } from "../../src/store/session.ts";
import type { Session, SessionOptions } from "../../src/store/session-types.ts";

export type Rows = Readonly<Record<string, unknown>>[];

/** As much of a tracker as the write protocol looks at, and tables to write to: `counters` (0 each), `marks`, and `wisps`, which Dolt ignores. */
export interface StoreDatabase {
  readonly name: string;
  readonly port: number;
  /** Opens a session, and ends it with the database. */
  open(options?: Partial<SessionOptions>): TestSession;
  /** A connection of a program that is not ours. */
  foreign(): Promise<Connection>;
  /** Rows of one statement, as they are now. */
  rows(statement: string): Promise<Rows>;
  /** The values of the first column. */
  column(statement: string): Promise<unknown[]>;
  /** Messages of the commits since the database was made, newest first, without their trailers. */
  commits(): Promise<string[]>;
  remove(): Promise<void>;
}

export interface TestSession extends Session {
  readonly notes: readonly string[];
}

export const ANN = { name: "ann", email: "ann@example.test" };

const SET_UP = [
  "CREATE TABLE metadata (`key` VARCHAR(255) PRIMARY KEY, value TEXT)",
  "CREATE TABLE schema_migrations (version INT PRIMARY KEY)",
  "INSERT INTO dolt_ignore VALUES ('wisps', TRUE), ('local_metadata', TRUE)",
  "CREATE TABLE counters (id INT PRIMARY KEY, n INT NOT NULL)",
  "CREATE TABLE marks (id VARCHAR(64) PRIMARY KEY)",
  "INSERT INTO metadata VALUES ('_project_id', 'project-one')",
  "INSERT INTO schema_migrations VALUES (32)",
  "INSERT INTO counters VALUES (1, 0), (2, 0)",
  "CALL DOLT_COMMIT('-Am', 'set up')",
  "CREATE TABLE wisps (id VARCHAR(64) PRIMARY KEY)",
  "CREATE TABLE local_metadata (`key` VARCHAR(255) PRIMARY KEY, value TEXT NOT NULL)",
];

let made = 0;

/** Makes a database on that server; the caller removes it. */
export async function makeStoreDatabase(port: number): Promise<StoreDatabase> {
  made += 1;
  const name = `store_${process.pid}_${made}`;
  const connections: Connection[] = [];
  const sessions: Session[] = [];
  const connectTo = async (database?: string): Promise<Connection> => {
    const where = database === undefined ? {} : { database };
    const connection = await createConnection({ host: "127.0.0.1", port, user: "root", ...where });
    connection.on("error", () => {});
    connections.push(connection);
    return connection;
  };
  const admin = await connectTo();
  await admin.query(`CREATE DATABASE \`${name}\``);
  await admin.query(`USE \`${name}\``);
  for (const statement of SET_UP) await admin.query(statement);
  await admin.query("COMMIT");

  const database: StoreDatabase = {
    name,
    port,
    open(options = {}) {
      const notes: string[] = [];
      const session = openSession({
        endpoint: endpointAt(port),
        database: name,
        projectId: "project-one",
        timing: REAL_TIME,
        clock: () => new Date(),
        retryMaxMs: 10_000,
        newId: () => uuidv7(),
        signal: new AbortController().signal,
        note: (line) => notes.push(line),
        startHint: () => command`bd server start`,
        ...options,
      });
      sessions.push(session);
      return { ...session, notes };
    },
    foreign: () => connectTo(name),
    async rows(statement) {
      await admin.query("ROLLBACK");
      const [found] = await admin.query<RowDataPacket[]>(statement);
      return found;
    },
    column: async (statement) => (await database.rows(statement)).map((row) => Object.values(row)[0]),
    commits: async () =>
      (await database.column("SELECT message FROM dolt_log"))
        .map((message) => String(message).split("\n")[0] ?? "")
        .slice(0, -2),
    async remove() {
      for (const session of sessions) session.close();
      await admin.query(`DROP DATABASE \`${name}\``);
      for (const connection of connections) connection.destroy();
    },
  };
  return database;
}

export function endpointAt(port: number): Endpoint {
  return { host: "127.0.0.1", port, user: "root", tls: false };
}

/** Sleeps in earnest, and draws the middle of every range. */
export const REAL_TIME: Timing = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
  random: () => 0.5,
};

/** A clock that only sleeping moves, so that waits take no time. */
export function virtualTime(): Timing & { readonly sleptMs: () => number } {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      now += ms;
    },
    random: () => 0.5,
    sleptMs: () => now,
  };
}
