import { BdError, command } from "../../errors.ts";
import { eventValue, type IssueEvent } from "../event-row.ts";
import type { Issue } from "../issue/issue.ts";
import { alreadyClaimed, type ClaimRequest, type Holding, holdingOf, isHolder } from "./claim.ts";

export type ReleasePlan =
  | {
      readonly kind: "release";
      readonly patch: Pick<Issue, "status" | "updated_at"> & { readonly assignee: undefined };
      readonly event: IssueEvent;
      /** Where it was another claimant's. */
      readonly from: Holding | undefined;
    }
  | { readonly kind: "held-by-nobody" };

/**
 * What giving an issue back means now: it is open again, and nobody's. A claim without a session is whoever's has its
 * name: giving it back costs nobody's work. Releasing twice changes nothing.
 * Throws BdError conflict ALREADY_CLAIMED where another claimant holds it and `steal` is not set, rejected NOT_CLAIMABLE
 * when its status is neither open nor in_progress.
 */
export function planRelease(request: ClaimRequest): ReleasePlan {
  const { issue, lastClaim, actor, steal = false, now } = request;
  const holder = issue.assignee ?? "";
  if (issue.status !== "open" && issue.status !== "in_progress") throw notReleasable(issue);
  if (issue.status === "open" && holder === "") return { kind: "held-by-nobody" };
  const hasNoSession = lastClaim?.actor !== holder || lastClaim.session === undefined || issue.status === "open";
  const isOwn = holder === "" || (holder === actor && (hasNoSession || isHolder(request)));
  if (!isOwn && !steal) throw alreadyClaimed(request, "release");
  const changes = { assignee: null, status: "open" };
  return {
    kind: "release",
    from: isOwn ? undefined : holdingOf(request),
    patch: { assignee: undefined, status: "open", updated_at: now },
    event: {
      issue_id: issue.id,
      event_type: issue.status === "open" ? "updated" : "status_changed",
      old_value: eventValue(issue),
      new_value: eventValue(changes),
    },
  };
}

function notReleasable({ id, status }: Issue): BdError {
  return new BdError("rejected", "NOT_CLAIMABLE", `cannot release ${id}: nobody works on it: status ${status}`, {
    hint: command`bd show ${id}`,
    details: { id, status },
  });
}
