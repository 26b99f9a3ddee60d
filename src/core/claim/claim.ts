import { BdError, command } from "../../errors.ts";
import { eventValue, type IssueEvent } from "../event-row.ts";
import type { Issue } from "../issue/issue.ts";
import { isOnTheTable, STATUSES_ON_THE_TABLE } from "../ready/rests.ts";

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
  /** Take it over from whoever has it. */
  readonly steal?: boolean | undefined;
}

/** What a claim changes of an issue. What was put off until now waits for no time any more. */
export type ClaimPatch = Pick<Issue, "assignee" | "status" | "updated_at" | "started_at"> & {
  readonly defer_until?: undefined;
};

export type ClaimPlan =
  | {
      readonly kind: "claim";
      readonly patch: ClaimPatch;
      readonly event: IssueEvent;
      /** Of an issue that was taken over. */
      readonly from: Holding | undefined;
    }
  | { readonly kind: "held-by-you" };

/** Who has an issue, and since when: a wire time, where that is known. */
export interface Holding {
  readonly holder: string;
  readonly since: string | undefined;
}

/** Reads the claim out of a `claimed` event, whose new value is JSON `{assignee, status, session?}`. */
export function claimFromEvent(event: {
  readonly actor: string;
  readonly at: string;
  readonly newValue: string;
}): Claim {
  return { actor: event.actor, session: sessionIn(event.newValue), at: event.at };
}

/**
 * What claiming the issue means now. An open issue, or one that was put off until a time that has come, goes to whoever
 * asks first, or, if it is assigned, to the assignee. Throws BdError conflict ALREADY_CLAIMED when another claimant holds
 * it and `steal` is not set, rejected NOT_CLAIMABLE when its status is any other but in_progress.
 */
export function planClaim(request: ClaimRequest): ClaimPlan {
  const { issue, actor, steal = false, now } = request;
  const assignee = issue.assignee ?? "";
  const isHeld = issue.status === "in_progress" && assignee !== "";
  if (isHeld && isHolder(request)) return { kind: "held-by-you" };
  if (!isHeld && issue.status !== "open" && !isOnTheTable(issue, now)) throw notClaimable(issue);
  const isTaken = isHeld || (assignee !== "" && assignee !== actor);
  if (isTaken && !steal) throw alreadyClaimed(request, "claim");
  return claimOf(request, isTaken ? holdingOf(request) : undefined);
}

/** Whether the one who asks has proved to hold the issue: by the session of the last claim. */
export function isHolder({ issue, lastClaim, actor, session }: Omit<ClaimRequest, "now">): boolean {
  return (
    issue.assignee === actor && session !== undefined && lastClaim?.actor === actor && lastClaim.session === session
  );
}

function claimOf({ issue, actor, session, now }: ClaimRequest, from: Holding | undefined): ClaimPlan {
  const status = "in_progress";
  return {
    kind: "claim",
    from,
    patch: {
      assignee: actor,
      status,
      updated_at: now,
      started_at: issue.started_at ?? now,
      ...(issue.status === "deferred" ? { defer_until: undefined } : {}),
    },
    event: {
      issue_id: issue.id,
      event_type: "claimed",
      old_value: eventValue(issue),
      new_value: eventValue({
        assignee: actor,
        status,
        ...(session === undefined ? {} : { session }),
        ...(from === undefined ? {} : { taken_from: from.holder }),
      }),
    },
  };
}

/** Who has the issue of a request. */
export function holdingOf({ issue, lastClaim }: ClaimRequest): Holding {
  const holder = issue.assignee ?? "";
  const claim = lastClaim?.actor === holder ? lastClaim : undefined;
  return { holder, since: STATUSES_ON_THE_TABLE.includes(issue.status) ? undefined : (claim?.at ?? issue.started_at) };
}

/** What somebody is told who wants to do that to an issue that another claimant has. */
export function alreadyClaimed(request: ClaimRequest, verb: "claim" | "release"): BdError {
  const { issue, lastClaim, actor, session } = request;
  const { holder, since } = holdingOf(request);
  const claim = lastClaim?.actor === holder ? lastClaim : undefined;
  const isNamesake = holder === actor;
  const reason = [
    `cannot ${verb} ${issue.id}: issue already claimed by ${holder}`,
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

/** Whose claim ends with an issue that somebody closes, in words; undefined where it is nobody's, or their own. */
export function endedClaim({ issue, lastClaim, actor, session }: Omit<ClaimRequest, "now">): string | undefined {
  const { status, assignee } = issue;
  if (status !== "in_progress" || assignee === undefined || assignee === "") return undefined;
  const other = lastClaim?.actor === assignee ? lastClaim.session : undefined;
  if (assignee === actor && (other === undefined || other === session)) return undefined;
  return other === undefined ? assignee : `${assignee} in session ${other}`;
}
