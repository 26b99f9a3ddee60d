import { type Claim, claimFromEvent } from "../../core/claim.ts";
import { toWireTime } from "../../core/wire-time.ts";
import { combine, type Query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import type { ByIssue } from "./issue-parts.ts";
import { type Selection, selected } from "./selection.ts";

/** Who claimed each issue of a selection last; issues that nobody ever claimed are missing. */
export function lastClaimsOf(selection: Selection): Query<ByIssue<Claim>> {
  const claims = rows(
    sql`SELECT e.issue_id, e.actor, e.new_value, e.created_at FROM ${selected(selection)}
      JOIN ${selection.tables.events} e ON e.issue_id = v.id
      WHERE e.event_type = 'claimed' ORDER BY e.created_at, e.id`,
    (row) =>
      [
        text(row, "issue_id"),
        claimFromEvent({
          actor: text(row, "actor"),
          at: toWireTime(text(row, "created_at")),
          newValue: text(row, "new_value"),
        }),
      ] as const,
  );
  return combine([claims], (found) => new Map(found));
}

/** An issue that somebody works on, and the session that claimed it, where that is known. */
export interface HeldIssue {
  readonly id: string;
  readonly title: string;
  readonly session: string | undefined;
}

/** What an actor works on under ids that may have come from a move. */
export function heldIssues(actor: string): Query<HeldIssue[]> {
  return rows(
    sql`SELECT i.id, i.title, e.actor, e.new_value, e.created_at FROM issues i
      LEFT JOIN events e ON e.id = (SELECT c.id FROM events c WHERE c.issue_id = i.id AND c.event_type = 'claimed'
        ORDER BY c.created_at DESC, c.id DESC LIMIT 1)
      WHERE i.status = 'in_progress' AND i.assignee = ${actor} AND LOCATE('_', i.id) > 0`,
    (row) => {
      const [at, newValue] = [text(row, "created_at"), text(row, "new_value")];
      const claim = at === "" ? undefined : claimFromEvent({ actor: text(row, "actor"), at: toWireTime(at), newValue });
      return { id: text(row, "id"), title: text(row, "title"), session: claim?.session };
    },
  );
}
