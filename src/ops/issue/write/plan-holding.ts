import { type ClaimPlan, type ClaimRequest, type Holding, planClaim } from "../../../core/claim/claim.ts";
import { planRelease, type ReleasePlan } from "../../../core/claim/release.ts";
import type { IssueEvent } from "../../../core/event-row.ts";
import type { Issue } from "../../../core/issue/issue.ts";
import { BdError } from "../../../errors.ts";
import type { IssuePatch } from "../../../store/queries/write-issues.ts";
import type { UpdateInput } from "./update-input.ts";

/** The part of a change that says who is to hold the issue. */
type HoldingInput = Pick<UpdateInput, "claim" | "steal" | "release">;

interface HoldingPlan {
  /** The issue with the patch, from which other changes start. */
  readonly issue: Issue;
  readonly patch: IssuePatch;
  readonly event: IssueEvent | undefined;
  /** For whoever takes what another has. */
  readonly note: string | undefined;
}

export function concernsHolder({ claim, steal, release }: HoldingInput): boolean {
  return claim === true || steal === true || release === true;
}

/** Throws BdError usage CONTRADICTING_FLAGS. */
export function checkHolding({ claim, steal, release, assignee, status }: UpdateInput): void {
  const pairs: readonly (readonly [one: string, other: string, both: boolean])[] = [
    ["--claim", "--release", claim === true && release === true],
    ["--claim", "--assignee", claim === true && assignee !== undefined],
    ["--steal", "--assignee", steal === true && assignee !== undefined],
    ["--claim", "--status", claim === true && status !== undefined && status !== "in_progress"],
    ["--steal", "--status", steal === true && release !== true && status !== undefined && status !== "in_progress"],
    ["--release", "--assignee", release === true && assignee !== undefined],
    ["--release", "--status", release === true && status !== undefined],
  ];
  const found = pairs.find(([, , both]) => both);
  if (found === undefined) return;
  const [one, other] = found;
  throw new BdError("usage", "CONTRADICTING_FLAGS", `${one} and ${other} contradict each other; give one of them`);
}

/** Throws what `planClaim` and `planRelease` throw. */
export function planHolding(input: HoldingInput, asked: ClaimRequest): HoldingPlan {
  const { issue } = asked;
  const unchanged = { issue, patch: {}, event: undefined, note: undefined };
  if (!concernsHolder(input)) return unchanged;
  const request = { ...asked, steal: input.steal === true };
  const plan = input.release === true ? planRelease(request) : planClaim(request);
  if (plan.kind !== "claim" && plan.kind !== "release") return unchanged;
  const { patch, event, from } = plan;
  const note = from && `${plan.kind === "release" ? "released" : "taken over"}: ${issue.id}, ${heldBy(from)}`;
  return { issue: heldAfter(issue, plan), patch, event, note };
}

/** The issue as the plan leaves it. */
function heldAfter(issue: Issue, plan: Extract<ClaimPlan | ReleasePlan, { patch: object }>): Issue {
  const { assignee: _before, ...others } = issue;
  if (plan.kind === "release") return { ...others, status: plan.patch.status };
  const { defer_until: _cleared, ...claimed } = plan.patch;
  return { ...issue, ...claimed };
}

function heldBy({ holder, since }: Holding): string {
  return since === undefined ? `which was assigned to ${holder}` : `which ${holder} had since ${since}`;
}
