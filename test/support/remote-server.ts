import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { doltBinary } from "./dolt-binary.ts";
import { freePort, type PrivateDolt, startPrivateDolt } from "./private-dolt.ts";

/** A Dolt server that others push to and pull from over http, as a user with a password. */
export interface RemoteServer {
  readonly server: PrivateDolt;
  readonly user: "up";
  readonly password: string;
  /** What the person's environment says to get in, and the dolt for the relay. */
  readonly credentials: Readonly<Record<"DOLT_REMOTE_USER" | "DOLT_REMOTE_PASSWORD" | "BEADS_DOLT_BIN", string>>;
  url(database: string): string;
  /** Makes an empty database and gives its URL. */
  create(database: string): Promise<string>;
  /** Runs statements as root and gives the rows of the last one. */
  sql(database: string, ...statements: readonly string[]): Promise<RowDataPacket[]>;
  /** The newest commit of a database. */
  head(database: string): Promise<string>;
  stop(): Promise<void>;
}

const ROOT_PASSWORD = "root-password";

/** The caller stops it. */
export async function startRemoteServer(password = "person-password"): Promise<RemoteServer> {
  const port = await freePort();
  const server = await startPrivateDolt({
    arguments: ["--remotesapi-port", String(port)],
    env: { DOLT_ROOT_PASSWORD: ROOT_PASSWORD },
  });
  const asRoot = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await createConnection({
      host: server.host,
      port: server.port,
      user: "root",
      password: ROOT_PASSWORD,
      dateStrings: true,
    });
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  };
  await asRoot(async (connection) => {
    await connection.query("CREATE USER 'up'@'%' IDENTIFIED BY ?", [password]);
    await connection.query("GRANT ALL ON *.* TO 'up'@'%'");
    await connection.query("COMMIT");
  });
  const url = (database: string) => `http://127.0.0.1:${port}/${database}`;
  const remote: RemoteServer = {
    server,
    user: "up",
    password,
    credentials: { DOLT_REMOTE_USER: "up", DOLT_REMOTE_PASSWORD: password, BEADS_DOLT_BIN: doltBinary() },
    url,
    async create(database) {
      await asRoot((connection) => connection.query(`CREATE DATABASE \`${database}\``));
      return url(database);
    },
    sql: (database, ...statements) =>
      asRoot(async (connection) => {
        await connection.query(`USE \`${database}\``);
        let rows: RowDataPacket[] = [];
        for (const statement of statements) [rows] = await connection.query<RowDataPacket[]>(statement);
        await connection.query("COMMIT");
        return rows;
      }),
    head: async (database) => String((await remote.sql(database, "SELECT dolt_hashof('HEAD') AS h"))[0]?.["h"]),
    stop: () => server.stop(),
  };
  return remote;
}
