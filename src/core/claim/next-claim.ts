import { isFree, type Readiness } from "../ready/readiness.ts";

/** What decides which ready work a claimant is given. */
export interface ClaimableFacts {
  readonly readiness: Readiness;
  /** What is assigned to the claimant. */
  readonly mine: ReadonlySet<string>;
  /** Epics, which are not given away while there is work below them; none where epics are asked for. */
  readonly epics: ReadonlySet<string>;
}

/** The first of ready issues that may be given to the claimant: what is assigned to them goes before what is nobody's. */
export function nextToClaim(ready: readonly string[], facts: ClaimableFacts): string | undefined {
  const heads = openEpics(facts);
  const given = ready.filter((id) => !heads.has(id));
  return given.find((id) => facts.mine.has(id)) ?? given[0];
}

/** The epics that have unfinished children. */
function openEpics({ readiness, epics }: Pick<ClaimableFacts, "readiness" | "epics">): ReadonlySet<string> {
  const heads = new Set<string>();
  for (const [child, parents] of readiness.parents) {
    if (readiness.active.has(child)) for (const parent of parents) if (epics.has(parent)) heads.add(parent);
  }
  return heads;
}

/** Unfinished work that the question is about, as far as it says why it can't be claimed. */
export interface UnclaimedWork {
  readonly id: string;
  readonly status: string;
  readonly assignee: string;
  /** Whether it is put off. */
  readonly rests: boolean;
}

/** Why there is nothing to claim; each issue counts once. */
export interface NothingToClaim {
  /** How many each holds, by name; without a name where nobody is assigned. */
  readonly inProgress: ReadonlyMap<string, number>;
  /** How many ready issues wait for each other person. */
  readonly assigned: ReadonlyMap<string, number>;
  readonly blocked: number;
  readonly deferred: number;
  /** Epics whose children are the work. */
  readonly epics: number;
}

export function whyNothing(
  work: readonly UnclaimedWork[],
  { readiness, epics }: Pick<ClaimableFacts, "readiness" | "epics">,
): NothingToClaim {
  const counts = { blocked: 0, deferred: 0, epics: 0 };
  const inProgress = new Map<string, number>();
  const assigned = new Map<string, number>();
  const heads = openEpics({ readiness, epics });
  const isDeferred = (id: string) => readiness.deferred.has(id);
  for (const { id, status, assignee, rests } of work) {
    if (status === "in_progress") inProgress.set(assignee, (inProgress.get(assignee) ?? 0) + 1);
    else if (rests || readiness.parents.get(id)?.some(isDeferred)) counts.deferred++;
    else if (!isFree(readiness, id)) counts.blocked++;
    else if (heads.has(id)) counts.epics++;
    else if (assignee !== "") assigned.set(assignee, (assigned.get(assignee) ?? 0) + 1);
  }
  return { inProgress, assigned, ...counts };
}
