import type { IssueEvent } from "../../../core/event-row.ts";
import { changeTime } from "../../../core/time/change-time.ts";
import { type EventSource, insertEvents } from "../../../store/queries/write-events.ts";
import { updateIssue } from "../../../store/queries/write-issues.ts";
import type { Query } from "../../../store/query.ts";
import { DEFAULT_REASON, statusEffects } from "./status-effects.ts";
import { familyNames, type PlannedIssue } from "./write-and-read.ts";

export interface ClosingOf {
  readonly reason?: string | undefined;
  readonly session: string | undefined;
  readonly source: Omit<EventSource, "at">;
  readonly now: Date;
}

/** What closes an issue, whoever has decided that it may be closed. */
export function closeWrites(
  { issue, tables }: Pick<PlannedIssue, "issue" | "tables">,
  { reason, session, source, now }: ClosingOf,
): Query<number>[] {
  const at = changeTime(now, issue.updated_at);
  const said = reason || DEFAULT_REASON;
  const family = familyNames(tables);
  const event: IssueEvent = { issue_id: issue.id, event_type: "closed", new_value: said };
  const patch = {
    status: "closed",
    ...statusEffects(issue, "closed", { at, session }),
    close_reason: said,
    updated_at: at,
  };
  return [updateIssue(family, issue.id, patch), insertEvents(family, [event], { ...source, at })];
}
