import type { Issue } from "../../core/issue.ts";
import { wantedIdIn } from "../../core/merge/moved-id.ts";
import { BdError, command } from "../../errors.ts";
import { type HeldIssue, heldIssues } from "../../store/queries/claims.ts";
import { combine, type Query } from "../../store/query.ts";

/** Who holds issues; without a session, whatever the actor holds. */
export interface Claimant {
  readonly actor: string;
  readonly session: string | undefined;
}

/** What a claimant holds, by the id that it was made under: whoever uses that may not have heard of the move. */
export type MovedClaims = ReadonlyMap<string, HeldIssue>;

export const NO_MOVED_CLAIMS: MovedClaims = new Map();

export function movedClaimsOf({ actor, session }: Claimant): Query<MovedClaims> {
  return combine([heldIssues(actor)], (held) => {
    const own = held.filter((one) => session === undefined || one.session === session);
    return new Map(own.map((one) => [wantedIdIn(one.id), one] as const).filter(([wanted, { id }]) => wanted !== id));
  });
}

/** The claimed issue that may be meant in place of this one; none where the actor works on this one as well. */
export function movedClaim(issue: Issue, claims: MovedClaims, { actor }: Claimant): HeldIssue | undefined {
  return issue.status === "in_progress" && issue.assignee === actor ? undefined : claims.get(issue.id);
}

/** What to say to somebody who did something to an issue that has the id of another one that they work on. */
export function movedClaimNote({ id, title }: Pick<Issue, "id" | "title">, held: HeldIssue): string {
  return `${id} is "${title}"; the issue that you had claimed as ${id} is ${held.id} now ("${held.title}")`;
}

/** A claim asked again would take somebody else's issue. */
export function claimMoved(issue: Issue, held: HeldIssue): BdError {
  return new BdError("conflict", "CLAIM_MOVED", `cannot claim ${issue.id}: ${movedClaimNote(issue, held)}`, {
    hint: command`bd show ${[issue.id, held.id]}`,
    details: { id: issue.id, title: issue.title, held: held.id, held_title: held.title },
  });
}
