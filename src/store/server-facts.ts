import { type Endpoint, endpointName } from "../core/endpoint.ts";
import { BdError, type CommandLine, command } from "../errors.ts";
import { type Connection, connect } from "./connection/connection.ts";
import { describeError } from "./connection/describe-error.ts";
import { identityQuery } from "./database-identity.ts";
import { type LockHolder, lockHolder, takeLock, writeLockName } from "./protocol/lock-queries.ts";
import { type WorkingSet, workingSet } from "./protocol/working-set.ts";
import { combine, firstRow, number, type Query, query, rows, text } from "./query.ts";
import { identifier, raw, sql } from "./sql.ts";
import { ROLLBACK } from "./statements.ts";

/** Who answers, and what it says of one database. */
export interface ServerFacts {
  /** `Dolt`, `MariaDB`, …; the version is the product's own. */
  readonly product: string;
  readonly version: string;
  /** Undefined where the server has no such database, or is not Dolt. */
  readonly database: DatabaseFacts | undefined;
}

export interface DatabaseFacts {
  /** As the server spells it. */
  readonly name: string;
  readonly isEmpty: boolean;
  /** Undefined where nothing says that a tracker is in it. */
  readonly tracker: TrackerFacts | undefined;
  readonly workingSet: WorkingSet;
  /** Who holds the write lock; undefined where nobody writes. */
  readonly writer: LockHolder | undefined;
}

export interface TrackerFacts {
  readonly projectId: string | undefined;
  /** Undefined while `bd init` has not come to its end. */
  readonly prefix: string | undefined;
  /** 0 where no migration was ever recorded. */
  readonly schemaVersion: number;
  /** The migrations that are recorded, ascending. */
  readonly appliedVersions: readonly number[];
  readonly issueCount: number;
}

export interface Inspection {
  readonly endpoint: Endpoint;
  readonly database?: string | undefined;
  readonly startHint: () => CommandLine;
  /** Look after whoever is making the database right now: until that is done, it can't be read. */
  readonly awaitsWriters?: boolean;
}

/** Looks at a server and one of its databases; changes nothing and, unless asked to, waits for nobody. Throws BdError. */
export async function inspectServer(inspection: Inspection): Promise<ServerFacts> {
  const { endpoint, database, startHint } = inspection;
  let connection: Connection | undefined;
  try {
    connection = await connect(endpoint, undefined);
    const server = await one(connection, serverVersion);
    if (server.product !== "Dolt") return { ...server, database: undefined };
    const version = await one(connection, doltVersion);
    if (database === undefined) return { product: server.product, version, database: undefined };
    // Best effort: whoever holds the lock for longer than this wait works on a database that is there.
    if (inspection.awaitsWriters === true) {
      await one(connection, takeLock(writeLockName(database)));
      // What was made meanwhile is not in the snapshot of our first statement.
      await one(connection, ROLLBACK);
    }
    const name = await spellingOf(connection, database);
    const facts = name === undefined ? undefined : await inspectDatabase(connection, name);
    return { product: server.product, version, database: facts };
  } catch (error) {
    if (error instanceof BdError) throw error;
    throw describeError(error, { endpoint, database, startHint });
  } finally {
    connection?.destroy();
  }
}

/** What the server is not, where a Dolt server is wanted. Throws BdError config NOT_DOLT. */
export function requireDolt({ product, version }: Pick<ServerFacts, "product" | "version">, endpoint: Endpoint): void {
  if (product === "Dolt") return;
  const message = `the server at ${endpointName(endpoint)} is not Dolt but ${product} ${version}`;
  throw new BdError("config", "NOT_DOLT", message, { hint: command`bd dolt show`, details: { product, version } });
}

/** Product and its own version. */
export const serverVersion = query(
  sql`SELECT @@version AS version, @@version_comment AS comment`,
  ({ rows: [row = {}] }) => ({
    product: productOf(text(row, "version"), text(row, "comment")),
    version: text(row, "version"),
  }),
);

const doltVersion = query(sql`SELECT dolt_version() AS version`, ({ rows: [row = {}] }) => text(row, "version"));

function productOf(version: string, comment: string): string {
  if (comment === "Dolt") return comment;
  return /mariadb/i.test(version) ? "MariaDB" : comment || "MySQL";
}

/** Names differ only in case for Dolt, but our lock's name does not. */
async function spellingOf(connection: Connection, database: string): Promise<string | undefined> {
  const names = await one(
    connection,
    rows(raw("SHOW DATABASES"), (row) => text(row, "Database")),
  );
  return names.find((name) => name.toLowerCase() === database.toLowerCase());
}

async function inspectDatabase(connection: Connection, name: string): Promise<DatabaseFacts> {
  await connection.send([sql`USE ${identifier(name)}`]);
  const tables = await one(
    connection,
    rows(raw("SHOW TABLES"), (row) => String(Object.values(row)[0])),
  );
  const own = tables.filter((table) => !table.startsWith("dolt_"));
  const [uncommitted, writer] = await one(
    connection,
    combine([workingSet, lockHolder(writeLockName(name))], (found, holder) => [found, holder] as const),
  );
  const tracker = own.includes("schema_migrations") ? await inspectTracker(connection, new Set(own)) : undefined;
  return { name, isEmpty: own.length === 0, tracker, workingSet: uncommitted, writer };
}

/** An init that was cut off may have left any of the tables missing. */
async function inspectTracker(connection: Connection, tables: ReadonlySet<string>): Promise<TrackerFacts> {
  const prefix = tables.has("config") ? await one(connection, prefixQuery) : undefined;
  const issueCount = tables.has("issues") ? await one(connection, issueCountQuery) : 0;
  const identity = tables.has("metadata") ? await one(connection, identityQuery) : undefined;
  const appliedVersions = await one(connection, appliedVersionsQuery);
  return {
    projectId: identity?.projectId,
    prefix,
    schemaVersion: appliedVersions.at(-1) ?? 0,
    appliedVersions,
    issueCount,
  };
}

const prefixQuery = firstRow(sql`SELECT value FROM config WHERE \`key\` = 'issue_prefix' AND value <> ''`, (row) =>
  text(row, "value"),
);

const appliedVersionsQuery = rows(sql`SELECT version FROM schema_migrations ORDER BY version`, (row) =>
  number(row, "version"),
);

const issueCountQuery = query(sql`SELECT COUNT(*) AS n FROM issues`, ({ rows: [row = {}] }) => number(row, "n"));

async function one<T>(connection: Connection, { statements, decode }: Query<T>): Promise<T> {
  return decode(await connection.send(statements));
}
