import type { EventType } from "../../../core/event-row.ts";
import type { Issue } from "../../../core/issue/issue.ts";
import { rests } from "../../../core/ready/rests.ts";
import type { IssuePatch } from "../../../store/queries/write-issues.ts";

/** Why an issue is closed where nobody says. */
export const DEFAULT_REASON = "Closed";

/** What else changes when an issue gets a status: the times and the reason that belong to it. `at` is a wire time. */
export function statusEffects(
  issue: Issue,
  status: string,
  { at, session }: { readonly at: string; readonly session: string | undefined },
): IssuePatch {
  const started = status === "in_progress" && issue.started_at === undefined ? { started_at: at } : {};
  // A time that has come would take back what is put off for some day.
  if (status === "deferred" && !rests({ ...issue, status }, at)) return { defer_until: undefined };
  if (status === issue.status) return started;
  if (status === "closed") return { closed_at: at, closed_by_session: session, close_reason: DEFAULT_REASON };
  const taken = takenUp(issue, status);
  if (issue.status !== "closed") return { ...started, ...taken };
  return { ...started, ...taken, closed_at: undefined, close_reason: undefined, closed_by_session: undefined };
}

/** Work that is put on the table again waits for no date. */
function takenUp(issue: Issue, status: string): IssuePatch {
  const isTakenUp = issue.status === "deferred" || status === "open";
  return isTakenUp && status !== "deferred" ? { defer_until: undefined } : {};
}

/** The event that tells of a change from one status to another; of anything else where they are the same. */
export function statusEvent(from: string, to: string): EventType {
  if (from === to) return "updated";
  if (to === "closed") return "closed";
  return from === "closed" ? "reopened" : "status_changed";
}
