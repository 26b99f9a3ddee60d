import { BdError } from "../errors.ts";
import { classifyDriverError, type DriverErrorClass } from "./connection/classify-driver-error.ts";
import { type Connection, connect } from "./connection/connection.ts";
import { describeError } from "./connection/describe-error.ts";
import { number, type Query, query, rows, text } from "./query.ts";
import type { Inspection } from "./server-facts.ts";
import { identifier, list, raw, sql } from "./sql.ts";

/** A tracker that the server has. */
export interface FoundProject {
  readonly database: string;
  /** Empty where it has none. */
  readonly projectId: string;
  readonly prefix: string;
  readonly issueCount: number;
  /** How many of the ids that were asked for it has. */
  readonly sharedIds: number;
}

/** Databases of the server's own. */
const NOT_OURS = new Set(["information_schema", "mysql", "performance_schema", "sys"]);

/** How a database says that it is no tracker, not the user's to read, or gone. */
const NO_TRACKER: ReadonlySet<DriverErrorClass> = new Set([
  "unknown-database",
  "unknown-table",
  "unknown-column",
  "no-permission",
  "access-denied",
]);

/**
 * All trackers of a server that the user may read, with how many of the ids each has. One round trip per database: it is
 * for `bd init`. Changes nothing. Throws BdError.
 */
export async function findProjects(inspection: Inspection, ids: readonly string[]): Promise<FoundProject[]> {
  let connection: Connection | undefined;
  const found: FoundProject[] = [];
  try {
    const names = rows(raw("SHOW DATABASES"), (row) => text(row, "Database"));
    connection = await connect(inspection.endpoint, undefined);
    for (const name of names.decode(await connection.send(names.statements))) {
      if (NOT_OURS.has(name.toLowerCase())) continue;
      const project: FoundProject | undefined = await projectIn(connection, name, ids);
      if (project !== undefined) found.push(project);
      // What is no tracker, or was dropped just now, refuses a question, and a connection ends with that.
      if (project === undefined) {
        connection.destroy();
        connection = await connect(inspection.endpoint, undefined);
      }
    }
    return found;
  } catch (error) {
    throw error instanceof BdError ? error : describeError(error, { ...inspection, database: undefined });
  } finally {
    connection?.destroy();
  }
}

async function projectIn(
  connection: Connection,
  database: string,
  ids: readonly string[],
): Promise<FoundProject | undefined> {
  const { statements, decode } = projectQuery(database, ids);
  try {
    return decode(await connection.send(statements));
  } catch (error) {
    if (NO_TRACKER.has(classifyDriverError(error))) return undefined;
    throw error;
  }
}

function projectQuery(database: string, ids: readonly string[]): Query<FoundProject> {
  const name = identifier(database);
  const shared = ids.length === 0 ? sql`0` : sql`(SELECT COUNT(*) FROM ${name}.issues WHERE id IN ${list(ids)})`;
  return query(
    sql`SELECT (SELECT value FROM ${name}.config WHERE \`key\` = 'issue_prefix') AS prefix,
      (SELECT value FROM ${name}.metadata WHERE \`key\` = '_project_id') AS project_id,
      (SELECT COUNT(*) FROM ${name}.issues) AS issue_count, ${shared} AS shared_ids`,
    ({ rows: [row = {}] }) => ({
      database,
      projectId: text(row, "project_id"),
      prefix: text(row, "prefix"),
      issueCount: number(row, "issue_count"),
      sharedIds: number(row, "shared_ids"),
    }),
  );
}
