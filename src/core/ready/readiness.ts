import { isBlockingType, type WaitsForGate } from "../dependency/dependency-type.ts";
import { type CustomStatus, isActiveStatus, isDoneStatus } from "../issue/status.ts";

/*
 * The one definition of ready and blocked. `ready`, `list --ready`, `blocked`, `stats` and `close --suggest-next` load
 * their facts in different ways and ask here.
 *
 * Blocked is an active issue
 *   1. with a blocks or conditional-blocks edge to an active issue, or
 *   2. with a waits-for edge to an issue that has an active child (gate all-children), or
 *   3. with a waits-for edge to an issue that has an active child and none that is done (gate any-children).
 * Ready is a candidate, open or put off until a time that has come, that is not blocked, and no direct child of an issue that is blocked or deferred into the
 * future. One step only: grandchildren are held back through their own parent, not through its parent.
 * An edge to something that does not exist here (deleted, `external:`, of another database) never holds anything back.
 */

/** An edge of type blocks, conditional-blocks, waits-for or parent-child; others may be there and mean nothing. */
export interface ReadinessEdge {
  /** The issue that waits; of a parent-child edge, the child. */
  readonly issue_id: string;
  readonly depends_on_id: string;
  readonly type: string;
  /** Of a waits-for edge; all-children when absent. */
  readonly gate?: WaitsForGate | undefined;
}

export interface ReadinessFacts {
  /** Every issue that can block and be blocked (`isActiveStatus`). */
  readonly active: readonly string[];
  /** Every issue whose work is finished (`isDoneStatus`). */
  readonly done: readonly string[];
  /** Every issue that is neither: the pinned ones. */
  readonly others?: readonly string[];
  /** Issues whose `defer_until` lies in the future, whatever their status. */
  readonly deferred: readonly string[];
  readonly edges: readonly ReadinessEdge[];
}

/** What holds an issue back: the other end of its edge, and the edge's type. */
export interface Blocker {
  readonly id: string;
  readonly type: string;
}

/** The facts, worked out once in time linear in the edges; the functions below look things up in it. */
export interface Readiness {
  readonly active: ReadonlySet<string>;
  readonly deferred: ReadonlySet<string>;
  /** Rules 1 to 3, for blocked issues only; ordered by id. */
  readonly directBlockers: ReadonlyMap<string, readonly Blocker[]>;
  readonly parents: ReadonlyMap<string, readonly string[]>;
}

export function evaluateReadiness(facts: ReadinessFacts): Readiness {
  const active = new Set(facts.active);
  const done = new Set(facts.done);
  const others = new Set(facts.others);
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  const blockers = new Map<string, Blocker[]>();
  const waits: ReadinessEdge[] = [];
  for (const edge of facts.edges) {
    const { issue_id: source, depends_on_id: target, type } = edge;
    if (type === "parent-child") {
      append(parents, source, target);
      append(children, target, source);
    } else if (isBlockingType(type)) {
      if (active.has(source) && active.has(target)) append(blockers, source, { id: target, type });
    } else if (type === "waits-for" && active.has(source)) {
      waits.push(edge);
    }
  }
  const gates = new Map<string, { anyActive: boolean; anyDone: boolean }>();
  for (const { issue_id: source, depends_on_id: target, type, gate } of waits) {
    if (!active.has(target) && !done.has(target) && !others.has(target)) continue;
    let state = gates.get(target);
    if (state === undefined) {
      const below = children.get(target) ?? [];
      state = { anyActive: below.some((id) => active.has(id)), anyDone: below.some((id) => done.has(id)) };
      gates.set(target, state);
    }
    const isOpen = !state.anyActive || (gate === "any-children" && state.anyDone);
    if (!isOpen) append(blockers, source, { id: target, type });
  }
  for (const list of blockers.values()) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { active, deferred: new Set(facts.deferred), directBlockers: blockers, parents };
}

/** Rules 1 to 3: the issue itself waits for something. */
export function isBlocked(readiness: Readiness, id: string): boolean {
  return readiness.directBlockers.has(id);
}

/** What the issue itself waits for, ordered by id. */
export function directBlockersOf(readiness: Readiness, id: string): readonly Blocker[] {
  return readiness.directBlockers.get(id) ?? [];
}

/** The ids that `bd blocked` names: what an active issue waits for; if nothing, its blocked parents. */
export function blockersOf(readiness: Readiness, id: string): string[] {
  const direct = directBlockersOf(readiness, id);
  if (direct.length > 0) return direct.map((blocker) => blocker.id);
  if (!readiness.active.has(id)) return [];
  return (readiness.parents.get(id) ?? []).filter((parent) => isBlocked(readiness, parent)).toSorted();
}

/** Why an active issue is not free: what `blockersOf` names; if nothing, its parents that sleep. */
export function heldBy(readiness: Readiness, id: string): string[] {
  const blockers = blockersOf(readiness, id);
  if (blockers.length > 0) return blockers;
  return (readiness.parents.get(id) ?? []).filter((parent) => readiness.deferred.has(parent)).toSorted();
}

/** Every active issue that `blockersOf` has an answer for: the blocked ones, then direct children of blocked ones. */
export function blockedIds(readiness: Readiness): string[] {
  const ids = new Set(readiness.directBlockers.keys());
  for (const [child, parents] of readiness.parents) {
    if (readiness.active.has(child) && parents.some((parent) => isBlocked(readiness, parent))) ids.add(child);
  }
  return [...ids];
}

/** True when nothing in the graph holds the issue back. Its own status, type and dates are `readyCandidates`'. */
export function isFree(readiness: Readiness, id: string): boolean {
  if (isBlocked(readiness, id)) return false;
  const parents = readiness.parents.get(id);
  if (parents === undefined) return true;
  return parents.every((parent) => !isBlocked(readiness, parent) && !readiness.deferred.has(parent));
}

/** The first `limit` free ones of the candidates, in their order; a limit of 0 means all. */
export function selectReady(readiness: Readiness, candidates: Iterable<string>, limit = 0): string[] {
  const ready: string[] = [];
  for (const id of candidates) {
    if (!isFree(readiness, id)) continue;
    ready.push(id);
    if (ready.length === limit) break;
  }
  return ready;
}

/** For `ready --explain`: the targets of the issue's blocking and waiting edges that hold nothing back any more. */
export function resolvedBlockersOf(readiness: Readiness, id: string, edges: Iterable<ReadinessEdge>): string[] {
  const unresolved = new Set(directBlockersOf(readiness, id).map((blocker) => blocker.id));
  const resolved: string[] = [];
  for (const edge of edges) {
    if (edge.issue_id !== id || unresolved.has(edge.depends_on_id)) continue;
    if (isBlockingType(edge.type) || edge.type === "waits-for") resolved.push(edge.depends_on_id);
  }
  return resolved.toSorted();
}

/** The active issues that were held back by a blocker and are free once `closing` are done; ordered by id. */
export function freedByClosing(facts: ReadinessFacts, closing: Iterable<string>): string[] {
  const closed = new Set(closing);
  const isLeft = (id: string) => !closed.has(id);
  const before = evaluateReadiness({
    ...facts,
    active: [...facts.active, ...closed],
    done: facts.done.filter(isLeft),
  });
  const after = evaluateReadiness({
    ...facts,
    active: facts.active.filter(isLeft),
    done: [...facts.done, ...closed],
  });
  return blockedIds(before)
    .filter((id) => after.active.has(id) && isFree(after, id))
    .toSorted();
}

/** True while `defer_until` lies in the future; both are wire times, which sort as text. */
function isDeferred(issue: { readonly defer_until?: string | undefined }, now: string): boolean {
  return issue.defer_until !== undefined && issue.defer_until > now;
}

/** The facts of a set of issues; `now` is a wire time. */
export function readinessFacts(
  issues: Iterable<{ readonly id: string; readonly status: string; readonly defer_until?: string | undefined }>,
  edges: readonly ReadinessEdge[],
  { now, customStatuses }: { readonly now: string; readonly customStatuses: readonly CustomStatus[] },
): ReadinessFacts {
  const active: string[] = [];
  const done: string[] = [];
  const others: string[] = [];
  const deferred: string[] = [];
  for (const issue of issues) {
    if (isActiveStatus(issue.status, customStatuses)) active.push(issue.id);
    else if (isDoneStatus(issue.status, customStatuses)) done.push(issue.id);
    else others.push(issue.id);
    if (isDeferred(issue, now)) deferred.push(issue.id);
  }
  return { active, done, others, deferred, edges };
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
