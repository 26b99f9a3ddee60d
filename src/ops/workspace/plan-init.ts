import { basename } from "node:path";
import type { Metadata } from "../../config/workspace/metadata.ts";
import { cleanPrefix, databaseNameFor } from "../../config/workspace/prefix.ts";
import { usesServer } from "../../config/workspace/require-database.ts";
import type { Workspace } from "../../config/workspace/workspace.ts";
import { isIdPrefix } from "../../core/issue/issue-id.ts";
import { BdError, command, UNPRINTABLE } from "../../errors.ts";
import { checkProject } from "../../store/database-identity.ts";
import type { DatabaseFacts } from "../../store/server-facts.ts";

/** What the user, the environment and the files say about the project that a workspace is to belong to. */
export interface Wanted {
  /** Cleaned; undefined where nobody asked for one. */
  readonly prefix: string | undefined;
  /** For a project that is to be made. */
  readonly prefixOfNew: string;
  readonly database: string;
  /** Whether somebody named the database who may: the person, or a file that knows its project's id. */
  readonly databaseIsNamed: boolean;
  readonly projectId: string | undefined;
  readonly reinit: Reinit | undefined;
}

/** How somebody asked to begin anew over what is there. */
export type Reinit = "reinit" | "discard-remote" | "destroy-token";

const DATABASE_PREFIX = "beads_";
const LONGEST_PROJECT_ID = 255;

/**
 * Throws BdError: init-exists where the workspace belongs to another database, or is to be made anew, usage
 * PREFIX_INVALID. A workspace of another program's store belongs to none yet.
 */
export function wantedProject(from: {
  readonly workspace: Workspace;
  readonly metadata: Metadata | undefined;
  /** By flag, environment or file. */
  readonly database: string | undefined;
  readonly databaseIsNamed: boolean;
  readonly prefix: string | undefined;
  /** What the folder's files and issues say. */
  readonly oldPrefix: string | undefined;
  readonly reinit: Reinit | undefined;
}): Wanted {
  const { workspace, metadata, reinit } = from;
  const prefix = from.prefix === undefined ? undefined : cleanPrefix(from.prefix);
  if (prefix !== undefined && !isIdPrefix(prefix)) throw prefixTooLong(prefix);
  if (metadata !== undefined) checkExisting(workspace, metadata, from);
  const known = metadata?.dolt_database;
  const fromName = cleanPrefix(known === undefined ? basename(workspace.root) : withoutDatabasePrefix(known));
  const prefixOfNew = prefix ?? from.oldPrefix ?? fromName;
  return {
    prefix,
    prefixOfNew,
    database: from.database ?? databaseNameFor(cleanPrefix(prefixOfNew)),
    databaseIsNamed: from.databaseIsNamed,
    projectId: metadata?.project_id,
    reinit,
  };
}

function prefixTooLong(prefix: string): BdError {
  return new BdError("usage", "PREFIX_INVALID", `the prefix has ${prefix.length} characters: no id has room for it`, {
    hint: command`bd init --help`,
    details: { prefix },
  });
}

function checkExisting(
  workspace: Workspace,
  metadata: Metadata,
  { database, reinit }: { readonly database: string | undefined; readonly reinit: Reinit | undefined },
): void {
  if (!usesServer(metadata)) return;
  const path = workspace.beadsDir;
  const known = metadata.dolt_database;
  if (known !== undefined && database !== undefined && database !== known) {
    const message = `the workspace ${path} belongs to database '${known}', not to '${database}'; nothing was changed`;
    throw new BdError("init-exists", "WORKSPACE_EXISTS", message, {
      hint: command`bd where`,
      details: { path, database: known },
    });
  }
  if (reinit !== undefined) throw neverDestroys(reinit, `the workspace ${path}`);
}

function withoutDatabasePrefix(database: string): string {
  return database.startsWith(DATABASE_PREFIX) ? database.slice(DATABASE_PREFIX.length) : database;
}

/** `create`: there is nothing yet, or the remains of an init that was cut off. `join`: there is a project. */
export type InitPlan = "create" | "join";

/**
 * What there is to do about the database, by what it holds.
 * Throws BdError: config NOT_A_TRACKER, PROJECT_ID_UNUSABLE, OTHER_PROJECT, PROJECT_EXISTS, PREFIX_DIFFERS; init-exists and its kin where it holds a project
 * and a new beginning was asked for.
 */
export function planInit(wanted: Wanted, database: DatabaseFacts | undefined): InitPlan {
  if (database === undefined || database.isEmpty) return "create";
  const { name, tracker } = database;
  if (tracker === undefined) {
    const message = `database '${name}' holds tables, but no issue tracker; nothing was changed`;
    throw new BdError("config", "NOT_A_TRACKER", message, {
      hint: command`bd init --database NAME`,
      details: { database: name },
    });
  }
  checkProjectId(tracker.projectId, name);
  checkProject(tracker, wanted.projectId, name);
  if (isUnmade(database)) return "create";
  checkPrefix(wanted.prefix, tracker.prefix, name);
  if (wanted.reinit !== undefined) throw neverDestroys(wanted.reinit, `the project in database '${name}'`);
  checkMeant(wanted, name);
  return "join";
}

/** Whether there is no project in it yet: it is to be made, by an admin's leave or after an init that was cut off. */
export function isUnmade(database: DatabaseFacts | undefined): boolean {
  if (database === undefined || database.isEmpty) return true;
  const { tracker } = database;
  return tracker !== undefined && tracker.prefix === undefined && tracker.issueCount === 0;
}

/** It goes into `metadata.json`, which has to stay one that can be read. */
function checkProjectId(projectId: string | undefined, database: string): void {
  if (projectId === undefined || (projectId.length <= LONGEST_PROJECT_ID && !UNPRINTABLE.test(projectId))) return;
  throw new BdError(
    "config",
    "PROJECT_ID_UNUSABLE",
    `database '${database}' has a project id that is no name: it is longer than ${LONGEST_PROJECT_ID} characters, or holds some that can't be seen`,
    { hint: command`bd init --database NAME`, details: { database } },
  );
}

/**
 * Two folders of one name are two projects more often than one: a project is joined only by somebody who names its
 * database. Throws BdError config PROJECT_EXISTS.
 */
export function checkMeant({ databaseIsNamed }: Wanted, database: string): void {
  if (databaseIsNamed) return;
  throw new BdError(
    "config",
    "PROJECT_EXISTS",
    `database '${database}' holds a project already, and nothing says that this folder belongs to it: join it by naming it, or name another with --database`,
    { hint: command`bd init --database=${database}`, details: { database } },
  );
}

/** Whether an init gives the project a prefix: it has none, or somebody names one in place of what no id can begin with. */
export function givesPrefix({ prefix }: Wanted, found: string): boolean {
  return found === "" || (prefix !== undefined && !isIdPrefix(found));
}

/** Throws BdError config PREFIX_DIFFERS. */
export function checkPrefix(wanted: string | undefined, found: string | undefined, database: string): void {
  if (wanted === undefined || found === undefined || !isIdPrefix(found) || wanted === found) return;
  const message = `database '${database}' holds a project with the prefix '${found}', not '${wanted}'; nothing was changed`;
  throw new BdError("config", "PREFIX_DIFFERS", message, {
    hint: command`bd init --database=${database}`,
    details: { database, prefix: found },
  });
}

const REINIT_KINDS = {
  reinit: "init-exists",
  "discard-remote": "init-diverged",
  "destroy-token": "init-token",
} as const;

function neverDestroys(reinit: Reinit, what: string): BdError {
  return new BdError(
    REINIT_KINDS[reinit],
    "NEVER_DESTROYS",
    `${what} exists, and bd init never destroys what is there`,
    {
      hint: command`bd init`,
    },
  );
}
