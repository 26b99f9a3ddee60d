import type { Query } from "../../store/query.ts";
import type { Session } from "../../store/session-types.ts";
import { ROLLBACK } from "../../store/statements.ts";

/**
 * What the server says at this moment, of any database: it need not hold a tracker, as `Session.read` asks for. One
 * statement; without autocommit an earlier one has begun a transaction that would show an older state.
 */
export async function lookNow<T>(session: Session, query: Query<T>): Promise<T> {
  await session.call(ROLLBACK);
  return session.call(query);
}
