import { BdError, command } from "../errors.ts";
import { type Query, query, type Row } from "./query.ts";
import { sql } from "./sql.ts";

/** The schema that this program reads and writes; the peer's numbering. */
export const SCHEMA_VERSION = 32;

/** What the database says of itself, looked at in the first packet of every session. */
export interface Identity {
  readonly projectId: string | undefined;
  /** 0 where no migration was ever recorded. */
  readonly schemaVersion: number;
}

export const identityQuery: Query<Identity> = query(
  sql`SELECT (SELECT value FROM metadata WHERE \`key\` = '_project_id') AS project_id,
    (SELECT MAX(version) FROM schema_migrations) AS schema_version`,
  ({ rows }) => identityFromRow(rows[0] ?? {}),
);

/** What a commit of the database says of itself. */
export function identityAt(commit: string): Query<Identity> {
  return query(
    sql`SELECT (SELECT value FROM metadata AS OF ${commit} WHERE \`key\` = '_project_id') AS project_id,
      (SELECT MAX(version) FROM schema_migrations AS OF ${commit}) AS schema_version`,
    ({ rows }) => identityFromRow(rows[0] ?? {}),
  );
}

function identityFromRow(row: Row): Identity {
  const projectId = row["project_id"];
  return {
    projectId: typeof projectId === "string" && projectId !== "" ? projectId : undefined,
    schemaVersion: Number(row["schema_version"] ?? 0),
  };
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
