import { Link } from "./link.ts";
import type { Session, SessionOptions } from "./store.ts";
import { withSnapshot, withTransaction, withWorkingSet } from "./transaction.ts";

/** A session connects at its first query, so opening one costs nothing. */
export function openSession(options: SessionOptions): Session {
  const link = new Link(options);
  return {
    read: (body) => withSnapshot(link, body),
    write: (commit, body) => withTransaction(link, commit, body),
    commitWorkingSet: (commit) => withWorkingSet(link, commit),
    close: () => link.drop(),
  };
}
