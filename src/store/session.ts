import { Link } from "./link.ts";
import type { Session, SessionOptions } from "./store.ts";
import { withMerge, withMigration, withSnapshot, withTransaction, withWorkingSet } from "./transaction.ts";

/** A session connects at its first query, so opening one costs nothing. */
export function openSession(options: SessionOptions): Session {
  const link = new Link(options);
  const fresh = () => {
    link.startOperation();
    return link;
  };
  return {
    read: (body) => withSnapshot(fresh(), body),
    write: (commit, body) => withTransaction(fresh(), commit, body),
    commitWorkingSet: (commit) => withWorkingSet(fresh(), commit),
    merge: (request, body) => withMerge(fresh(), request, body),
    migrate: (body) => withMigration(fresh(), body),
    call: async ({ statements: [statement, ...more], decode }) => {
      if (statement === undefined || more.length > 0) throw new Error("call takes one statement");
      return decode([await fresh().ask(statement)]);
    },
    close: () => link.drop(),
  };
}
