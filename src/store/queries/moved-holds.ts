import { claimFromEvent } from "../../core/claim/claim.ts";
import { wantedIdIn } from "../../core/merge/moved-id.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { number, type Query, query, type Row, rows, text } from "../query.ts";
import { list, sql } from "../sql.ts";

/** An issue that somebody works on, and that a merge moved to another id. */
export interface MovedHold {
  readonly id: string;
  readonly title: string;
  /** Who works on it, and the session that claimed it, where that is known. */
  readonly actor: string;
  readonly session: string | undefined;
  /** The issue that has the id now under which this one was made. */
  readonly holder: {
    readonly id: string;
    readonly title: string;
    /** Whether the same actor works on that one, too. */
    readonly isHeld: boolean;
  };
}

/**
 * The ids of all that moved and that somebody works on: few, and mostly none. What Dolt ignores never moves. A tail is
 * `_` and eight letters or digits.
 */
export const movedIds: Query<string[]> = rows(
  sql`SELECT i.id FROM issues i WHERE i.status = 'in_progress' AND LOCATE('_', RIGHT(i.id, 9)) = 1`,
  (row) => text(row, "id"),
);

/** More about some of them, whoever holds them: who asks is found out only where there are any. */
export function movedHolds(ids: readonly string[]): Query<MovedHold[]> {
  return query(
    sql`SELECT i.id, i.title, i.assignee, o.id AS holder, o.title AS holder_title,
      o.status = 'in_progress' AND o.assignee = i.assignee AS is_held, e.actor, e.new_value, e.created_at FROM issues i
      JOIN issues o ON o.id = LEFT(i.id, CHAR_LENGTH(i.id) - 9)
      LEFT JOIN events e ON e.id = (SELECT c.id FROM events c WHERE c.issue_id = i.id AND c.event_type = 'claimed'
        ORDER BY c.created_at DESC, c.id DESC LIMIT 1)
      WHERE i.id IN ${list(ids)} AND i.status = 'in_progress'`,
    ({ rows: found }) => found.map(holdFrom).filter(({ id, holder }) => wantedIdIn(id) === holder.id),
  );
}

function holdFrom(row: Row): MovedHold {
  const [at, newValue] = [text(row, "created_at"), text(row, "new_value")];
  const claim = at === "" ? undefined : claimFromEvent({ actor: text(row, "actor"), at: toWireTime(at), newValue });
  return {
    id: text(row, "id"),
    title: text(row, "title"),
    actor: text(row, "assignee"),
    session: claim?.session,
    holder: { id: text(row, "holder"), title: text(row, "holder_title"), isHeld: number(row, "is_held") === 1 },
  };
}
