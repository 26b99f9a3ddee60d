import { Link } from "./link.ts";
import type { Session, SessionOptions } from "./store.ts";
import { withMigration, withSnapshot, withTransaction, withWorkingSet } from "./transaction.ts";

/** A session connects at its first query, so opening one costs nothing. */
export function openSession(options: SessionOptions): Session {
  const link = new Link(options);
  return {
    read: (body) => withSnapshot(link, body),
    write: (commit, body) => withTransaction(link, commit, body),
    commitWorkingSet: (commit) => withWorkingSet(link, commit),
    migrate: (body) => withMigration(link, body),
    close: () => link.drop(),
  };
}
