import { checkProject, checkReadable, checkWritable, identityQuery } from "../database-identity.ts";
import { combine, type Query } from "../query.ts";
import type { SessionOptions } from "../session-types.ts";
import { BEGIN } from "../statements.ts";
import { headCommit } from "./dolt-commit.ts";
import { mergeUnfinished, type WorkingSet, workingSet } from "./working-set.ts";

/** Why a write has to begin again: somebody holds the lock, or left changes in the working set. */
export class NotReady extends Error {
  readonly reason: "locked" | "dirty";
  readonly tables: readonly string[];
  /** The newest commit; empty where somebody holds the lock. */
  readonly head: string;

  constructor(
    reason: "locked" | "dirty",
    { tables = [], head = "" }: { tables?: readonly string[]; head?: string } = {},
  ) {
    super(reason);
    this.reason = reason;
    this.tables = tables;
    this.head = head;
  }
}

/** The database, and the project that it must belong to. */
type Target = Pick<SessionOptions, "database" | "projectId">;

/**
 * What opens every write, in one packet with its first statements; decoding it checks what must hold before anything
 * is committed, and gives the newest commit. The lock comes before BEGIN, because without autocommit the first SELECT,
 * the lock's own included, fixes a snapshot that may be older than the lock; a clean working set excludes torn commits.
 * Decoding throws NotReady when the write must begin again, BdError when it may not happen at all.
 */
export function writeOpening({ database, projectId }: Target, lock: Query<boolean>): Query<string> {
  return combine([lock, BEGIN, workingSet, identityQuery, headCommit], (locked, _begun, found, identity, head) => {
    if (!locked) throw new NotReady("locked");
    checkProject(identity, projectId, database);
    checkWritable(identity, database);
    checkClean(found, head);
    return head;
  });
}

const NOT_ASKED: Query<undefined> = { statements: [], decode: () => undefined };

/**
 * What opens every read; gives the newest commit where somebody wants to hear of it. Decoding throws BdError when the
 * database is another project's or too old.
 */
export function readOpening({
  database,
  projectId,
  onHead,
}: Target & Pick<SessionOptions, "onHead">): Query<string | undefined> {
  const head = onHead === undefined ? NOT_ASKED : headCommit;
  return combine([BEGIN, identityQuery, head], (_begun, identity, newest) => {
    checkProject(identity, projectId, database);
    checkReadable(identity, database);
    return newest;
  });
}

/** What opens a migration: any schema will do, but other writers must be out and their leftovers committed. */
export function migrationOpening(lock: Query<boolean>): Query<void> {
  return combine([lock, BEGIN, workingSet, headCommit], (locked, _begun, found, head) => {
    if (!locked) throw new NotReady("locked");
    checkClean(found, head);
  });
}

function checkClean({ dirty, unmerged }: WorkingSet, head: string): void {
  if (unmerged.length > 0) throw mergeUnfinished(unmerged);
  if (dirty.length > 0) throw new NotReady("dirty", { tables: dirty, head });
}
