import { BdError, command } from "../errors.ts";
import { combine, number, type Query, query, text } from "./query.ts";
import { NOTHING, type Sql, sql } from "./sql.ts";

/** The schema that this program reads and writes; the peer's numbering. */
export const SCHEMA_VERSION = 32;

/** What the database says of itself, looked at in the first packet of every session. */
export interface Identity {
  readonly projectId: string | undefined;
  /** 0 where no migration was ever recorded. */
  readonly schemaVersion: number;
}

export const identityQuery: Query<Identity> = identityIn(NOTHING);

/** What a commit of the database says of itself. */
export function identityAt(commit: string): Query<Identity> {
  return identityIn(sql` AS OF ${commit}`);
}

/** Two statements, because one with two subqueries takes Dolt twice as long. */
function identityIn(state: Sql): Query<Identity> {
  const projectId = query(
    sql`SELECT value FROM metadata${state} WHERE \`key\` = '_project_id'`,
    ({ rows: [row = {}] }) => text(row, "value"),
  );
  const version = query(sql`SELECT MAX(version) AS version FROM schema_migrations${state}`, ({ rows: [row = {}] }) =>
    number(row, "version"),
  );
  return combine([projectId, version], (id, schemaVersion) => ({ projectId: id || undefined, schemaVersion }));
}

/** Throws when the database belongs to another project than the workspace says. One side without an id is no clash. */
export function checkProject(identity: Identity, expected: string | undefined, database: string): void {
  if (expected === undefined || identity.projectId === undefined || identity.projectId === expected) return;
  throw new BdError(
    "config",
    "OTHER_PROJECT",
    `database '${database}' belongs to project ${identity.projectId}, but this workspace to ${expected}`,
    { hint: command`bd where`, details: { database, found: identity.projectId, expected } },
  );
}

/** Reading works on newer schemas as long as the columns are there; older ones are named before a query fails on them. */
export function checkReadable(identity: Identity, database: string): void {
  if (identity.schemaVersion < SCHEMA_VERSION) throw olderSchema(identity.schemaVersion, database);
}

export function checkWritable(identity: Identity, database: string): void {
  checkReadable(identity, database);
  if (identity.schemaVersion > SCHEMA_VERSION) {
    throw new BdError(
      "schema",
      "SCHEMA_NEWER",
      `database '${database}' has schema ${identity.schemaVersion}, this program knows ${SCHEMA_VERSION}: nothing was written`,
      { hint: command`bd version`, details: { found: identity.schemaVersion, known: SCHEMA_VERSION } },
    );
  }
}

function olderSchema(found: number, database: string): BdError {
  return new BdError(
    "schema",
    "SCHEMA_OLDER",
    `database '${database}' has schema ${found}, this program needs ${SCHEMA_VERSION}`,
    {
      hint: command`bd migrate`,
      details: { found, needed: SCHEMA_VERSION },
    },
  );
}
