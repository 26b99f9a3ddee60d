import { BdError, command } from "../errors.ts";
import { eventValue, type IssueEvent } from "./event.ts";
import type { Issue } from "./issue.ts";

/*
 * A claim has one winner. The claimant is actor and session together: two agents may work under one name, and only the
 * session tells them apart. So the same actor and session may claim again (a retry), while the same actor without a
 * session can't prove to be the holder, and is refused like everybody else.
 */

/** A `claimed` event, as far as it says who holds the issue. */
export interface Claim {
  readonly actor: string;
  readonly session: string | undefined;
  /** Wire time. */
  readonly at: string;
}

export interface ClaimRequest {
  readonly issue: Issue;
  /** The issue's last claim, if there was one. */
  readonly lastClaim: Claim | undefined;
  readonly actor: string;
  readonly session: string | undefined;
  /** Wire time. */
  readonly now: string;
}

/** What a claim changes of an issue. */
export type ClaimPatch = Pick<Issue, "assignee" | "status" | "updated_at" | "started_at">;

export type ClaimPlan =
  | { readonly kind: "claim"; readonly patch: ClaimPatch; readonly event: IssueEvent }
  | { readonly kind: "held-by-you" };

/** Reads the claim out of a `claimed` event, whose new value is JSON `{assignee, status, session?}`. */
export function claimFromEvent(event: {
  readonly actor: string;
  readonly at: string;
  readonly newValue: string;
}): Claim {
  return { actor: event.actor, session: sessionIn(event.newValue), at: event.at };
}

/**
 * What claiming the issue means now. An open issue goes to whoever asks first, or, if it is assigned, to the assignee.
 * Throws BdError conflict ALREADY_CLAIMED when another claimant holds it, rejected NOT_CLAIMABLE when its status is
 * neither open nor in_progress.
 */
export function planClaim(request: ClaimRequest): ClaimPlan {
  const { issue, lastClaim, actor, session } = request;
  const assignee = issue.assignee ?? "";
  if (issue.status === "in_progress" && assignee !== "") {
    if (assignee === actor && session !== undefined && lastClaim?.actor === actor && lastClaim.session === session) {
      return { kind: "held-by-you" };
    }
    throw alreadyClaimed(request, assignee);
  }
  if (issue.status !== "open") throw notClaimable(issue);
  if (assignee !== "" && assignee !== actor) throw alreadyClaimed(request, assignee);
  return claimOf(request);
}

function claimOf({ issue, actor, session, now }: ClaimRequest): ClaimPlan {
  const status = "in_progress";
  return {
    kind: "claim",
    patch: { assignee: actor, status, updated_at: now, started_at: issue.started_at ?? now },
    event: {
      issue_id: issue.id,
      event_type: "claimed",
      old_value: eventValue(issue),
      new_value: eventValue({ assignee: actor, status, ...(session === undefined ? {} : { session }) }),
    },
  };
}

function alreadyClaimed({ issue, lastClaim, actor, session }: ClaimRequest, holder: string): BdError {
  const claim = lastClaim?.actor === holder ? lastClaim : undefined;
  const since = issue.status === "open" ? undefined : (claim?.at ?? issue.started_at);
  const isNamesake = holder === actor;
  const reason = [
    `cannot claim ${issue.id}: issue already claimed by ${holder}`,
    ...(since === undefined ? [] : [` since ${since}`]),
    ...(isNamesake ? [namesakeReason(session, claim)] : []),
  ].join("");
  return new BdError("conflict", "ALREADY_CLAIMED", reason, {
    hint: isNamesake && session === undefined ? command`bd ready --claim --session NAME` : command`bd show ${issue.id}`,
    details: { id: issue.id, assignee: holder, ...(since === undefined ? {} : { since }) },
  });
}

/** Why the same name is not enough. */
function namesakeReason(session: string | undefined, claim: Claim | undefined): string {
  if (session === undefined) return ", and without a session two claimants of that name can't be told apart";
  return claim?.session === undefined ? " without a session" : " in another session";
}

function notClaimable({ id, status }: Issue): BdError {
  return new BdError("rejected", "NOT_CLAIMABLE", `cannot claim ${id}: issue not claimable: status ${status}`, {
    hint: command`bd show ${id}`,
    details: { id, status },
  });
}

/** The session in an event's new value; other programs write none. */
function sessionIn(newValue: string): string | undefined {
  try {
    const value: unknown = JSON.parse(newValue);
    const isObject = typeof value === "object" && value !== null && "session" in value;
    return isObject && typeof value.session === "string" ? value.session : undefined;
  } catch {
    return undefined;
  }
}
