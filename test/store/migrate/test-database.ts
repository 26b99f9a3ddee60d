import { fileURLToPath } from "node:url";
import { type Connection, createConnection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import type { MigrationConnection } from "../../../src/store/migrate/migration-connection.ts";
import { readMigrations } from "../../../src/store/migrate/read-migrations.ts";
import type { PrivateDolt } from "../../support/private-dolt.ts";

export type Rows = readonly Readonly<Record<string, unknown>>[];

export const MIGRATIONS = readMigrations(fileURLToPath(new URL("../../../migrations", import.meta.url)));

/** A connection to one database, in the form that migrations speak through. */
export class TestDatabase implements MigrationConnection {
  readonly name: string;
  readonly #connection: Connection;

  constructor(name: string, connection: Connection) {
    this.name = name;
    this.#connection = connection;
  }

  async query(sql: string, parameters: readonly (string | number | null)[] = []): Promise<Rows> {
    const [rows] = await this.#connection.query<RowDataPacket[] | ResultSetHeader>(sql, [...parameters]);
    return Array.isArray(rows) ? rows : [];
  }

  /** The values of the first column. */
  async column(sql: string): Promise<unknown[]> {
    return (await this.query(sql)).map((row) => Object.values(row)[0]);
  }

  async end(): Promise<void> {
    await this.#connection.end();
  }
}

export async function openDatabase(dolt: PrivateDolt, name: string): Promise<TestDatabase> {
  const { host, port } = dolt;
  const connection = await createConnection({ host, port, user: "root", database: name, dateStrings: true });
  return new TestDatabase(name, connection);
}

export async function createDatabase(dolt: PrivateDolt, name: string): Promise<TestDatabase> {
  const { host, port } = dolt;
  const admin = await createConnection({ host, port, user: "root" });
  await admin.query(`CREATE DATABASE \`${name}\``);
  await admin.end();
  return openDatabase(dolt, name);
}

/** `SHOW CREATE TABLE` of every base table: it shows what information_schema hides, such as ON UPDATE. */
export async function tableDefinitions(database: TestDatabase): Promise<Record<string, string>> {
  const names = await database.column("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'");
  const definitions: Record<string, string> = {};
  for (const name of names) {
    const [row] = await database.query(`SHOW CREATE TABLE \`${String(name)}\``);
    definitions[String(name)] = String(row?.["Create Table"]);
  }
  return definitions;
}

/** `SHOW CREATE VIEW` of every view. */
export async function viewDefinitions(database: TestDatabase): Promise<unknown[]> {
  const names = await database.column("SHOW FULL TABLES WHERE Table_type = 'VIEW'");
  return Promise.all(names.map(async (name) => (await database.query(`SHOW CREATE VIEW \`${String(name)}\``))[0]));
}

/** What the Dolt commit HEAD holds. */
export async function tablesAtHead(database: TestDatabase): Promise<unknown[]> {
  return database.column("SHOW TABLES AS OF 'HEAD'");
}

export async function commitMessages(database: TestDatabase): Promise<unknown[]> {
  return database.column("SELECT message FROM dolt_log ORDER BY date DESC");
}
