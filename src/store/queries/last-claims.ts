import { type Claim, claimFromEvent } from "../../core/claim/claim.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
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
