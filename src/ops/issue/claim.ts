import { type ClaimPatch, type ClaimRequest, planClaim } from "../../core/claim.ts";
import { type EventSource, insertEvents } from "../../store/queries/write-events.ts";
import { ISSUES, updateIssue } from "../../store/queries/write-issues.ts";
import type { Query } from "../../store/query.ts";

export { type Claim, type ClaimPatch, type ClaimPlan, type ClaimRequest, planClaim } from "../../core/claim.ts";
export { lastClaimsOf } from "../../store/queries/last-claims.ts";

/** What a claim writes, or nothing where this claimant holds the issue already. Throws as `planClaim`. */
export function claimWrites(request: ClaimRequest, newId: EventSource["newId"]): readonly Query<number>[] {
  const plan = planClaim(request);
  if (plan.kind === "held-by-you") return [];
  const { issue, actor, now } = request;
  const patch: ClaimPatch = plan.patch;
  return [updateIssue(ISSUES, issue.id, patch), insertEvents(ISSUES, [plan.event], { actor, at: now, newId })];
}
