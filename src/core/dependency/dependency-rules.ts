import { BdError, command } from "../../errors.ts";

/** A dependency that somebody wants to add. */
export interface NewDependency {
  readonly issue_id: string;
  readonly depends_on_id: string;
  readonly type: string;
}

/** Throws BdError rejected SELF_DEPENDENCY. */
export function checkNotSelf({ issue_id: id, depends_on_id: target }: NewDependency): void {
  if (id !== target) return;
  throw new BdError("rejected", "SELF_DEPENDENCY", `cannot add self-dependency: ${id} cannot depend on itself`, {
    hint: command`bd show ${id}`,
    details: { issue_id: id },
  });
}

/**
 * One edge per ordered pair: the same type again changes nothing, another type is refused.
 * Throws BdError rejected DEPENDENCY_EXISTS.
 */
export function checkOneEdgePerPair(dependency: NewDependency, existingType: string | undefined): void {
  if (existingType === undefined || existingType === dependency.type) return;
  const { issue_id: id, depends_on_id: target, type } = dependency;
  throw new BdError(
    "rejected",
    "DEPENDENCY_EXISTS",
    `dependency ${id} -> ${target} already exists with type ${JSON.stringify(existingType)} (requested ${JSON.stringify(type)}); remove it first with 'bd dep remove' then re-add`,
    {
      hint: command`bd dep list ${id}`,
      details: { issue_id: id, depends_on_id: target, type, existing_type: existingType },
    },
  );
}

/**
 * Edges of type blocks join epics to epics and other issues to other issues. Give no target type for a target that is
 * not an issue here. Throws BdError rejected EPIC_MIX.
 */
export function checkEpicRule(dependency: NewDependency, sourceType: string, targetType: string | undefined): void {
  if (dependency.type !== "blocks" || targetType === undefined) return;
  const sourceIsEpic = sourceType === "epic";
  if (sourceIsEpic === (targetType === "epic")) return;
  throw new BdError(
    "rejected",
    "EPIC_MIX",
    sourceIsEpic ? "epics can only block other epics, not tasks" : "tasks can only block other tasks, not epics",
    { hint: command`bd dep add --help`, details: namesOf(dependency) },
  );
}

/** Refuses the cycle that `wouldCreateCycle` found. Throws BdError rejected DEPENDENCY_CYCLE. */
export function checkNoCycle(cycle: readonly string[] | undefined): void {
  if (cycle === undefined) return;
  throw new BdError("rejected", "DEPENDENCY_CYCLE", "adding dependency would create a cycle", {
    hint: command`bd dep tree ${cycle[1] ?? cycle[0] ?? ""}`,
    details: { cycle },
  });
}

/**
 * An issue that waits for its own ancestor waits for itself, as the ancestor is done only after its descendants.
 * Relations that hold nothing back are fine. Throws BdError rejected ANCESTOR_DEPENDENCY.
 */
export function checkNotAncestor(dependency: NewDependency, targetIsAncestor: boolean): void {
  const { issue_id: id, depends_on_id: target, type } = dependency;
  if (!targetIsAncestor || !isWaitingType(type)) return;
  throw new BdError(
    "rejected",
    "ANCESTOR_DEPENDENCY",
    `cannot add dependency: ${id} is already a child of ${target}, and waiting for it would be a deadlock`,
    { hint: command`bd show ${target}`, details: namesOf(dependency) },
  );
}

/**
 * The same for a move: what `waiting` waits for would stand above it. Throws BdError rejected ANCESTOR_DEPENDENCY.
 */
export function checkWaitsForNoneAbove(move: NewDependency, waiting: NewDependency | undefined): void {
  if (waiting === undefined) return;
  const { issue_id: id, depends_on_id: target } = waiting;
  throw new BdError(
    "rejected",
    "ANCESTOR_DEPENDENCY",
    `cannot put ${move.issue_id} under ${move.depends_on_id}: ${id} waits for ${target}, which it would belong to`,
    { hint: command`bd dep list ${id}`, details: namesOf(waiting) },
  );
}

/**
 * Refuses what would never become ready, because a child is held back as long as its parent is blocked. `circle` starts
 * and ends with the same issue. Throws BdError rejected DEPENDENCY_CYCLE.
 */
export function checkNoDeadlock(circle: readonly string[] | undefined): void {
  if (circle === undefined) return;
  throw new BdError(
    "rejected",
    "DEPENDENCY_CYCLE",
    `none of ${circle.slice(0, -1).join(", ")} would ever be ready, as a child waits for what blocks its parent`,
    { hint: command`bd dep tree ${circle[1] ?? circle[0] ?? ""}`, details: { cycle: circle } },
  );
}

/** Whether an edge of that type lets its issue wait, in one way or another. */
export function isWaitingType(type: string): boolean {
  return TYPES_THAT_WAIT.includes(type);
}

function namesOf({ issue_id, depends_on_id, type }: NewDependency): Readonly<Record<string, string>> {
  return { issue_id, depends_on_id, type };
}

const TYPES_THAT_WAIT: readonly string[] = ["blocks", "conditional-blocks", "waits-for"];
