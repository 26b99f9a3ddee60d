import {
  ancestorsOf,
  type DependencyEdge,
  descendantsOf,
  wouldCreateCycle,
} from "../../core/dependency/dependency-graph.ts";
import {
  checkEpicRule,
  checkNoCycle,
  checkNoDeadlock,
  checkNotAncestor,
  checkNotSelf,
  checkOneEdgePerPair,
  checkWaitsForNoneAbove,
  isWaitingType,
  type NewDependency,
} from "../../core/dependency/dependency-rules.ts";
import type { TreeEdge } from "../../core/dependency/dependency-tree.ts";
import { isBlockingType } from "../../core/dependency/dependency-type.ts";
import { deciding, issuesAlong, waitingGraph } from "../../core/dependency/waiting-graph.ts";
import { parseChildId } from "../../core/issue/issue-id.ts";

/** What the rules look at. */
export interface EdgeFacts {
  /** Every edge there is (query `allEdges`), less those that the same change removes. */
  readonly edges: readonly TreeEdge[];
  /** The type of each issue that the new edges join, new issues included; other targets have none. */
  readonly typeOf: (id: string) => string | undefined;
}

/**
 * Checks new edges in the given order, each against what is there and the ones before it, and gives those that are to
 * be inserted: an edge that exists with the same type is left out. Put an issue's parent before its other edges.
 * Throws BdError rejected SELF_DEPENDENCY, DEPENDENCY_EXISTS, EPIC_MIX, ANCESTOR_DEPENDENCY, DEPENDENCY_CYCLE.
 */
export function planDependencies<T extends NewDependency>(dependencies: readonly T[], facts: EdgeFacts): T[] {
  const edges = [...facts.edges];
  const types = new Map(edges.map((edge) => [pairKey(edge), edge.type]));
  const added: T[] = [];
  for (const dependency of dependencies) {
    const existingType = types.get(pairKey(dependency));
    checkNotSelf(dependency);
    checkOneEdgePerPair(dependency, existingType);
    if (existingType !== undefined) continue;
    checkEpicRule(dependency, facts.typeOf(dependency.issue_id) ?? "", facts.typeOf(dependency.depends_on_id));
    checkShape(dependency, edges);
    types.set(pairKey(dependency), dependency.type);
    edges.push(dependency);
    added.push(dependency);
  }
  return added;
}

/** Types of edges from an issue to the one that stays in its place. In a circle of them none would. */
const STANDING_IN: readonly string[] = ["duplicates", "supersedes"];

/** What needs the whole graph. Parents must not go round in a circle either: nobody would find the way in. */
function checkShape(dependency: NewDependency, edges: readonly TreeEdge[]): void {
  const { issue_id: id, depends_on_id: target, type } = dependency;
  const parentEdges = edges.filter((edge) => edge.type === "parent-child");
  if (type === "parent-child") {
    checkNoCycle(wouldCreateCycle(parentEdges, id, target));
    checkWaitsForNoneAbove(dependency, waitingForNewAncestor(dependency, edges, parentEdges));
  } else {
    const ancestors = ancestorsOf(id, [...parentEdges, ...parentsByName(id, parentEdges)]);
    checkNotAncestor(dependency, ancestors.has(target));
  }
  if (STANDING_IN.includes(type)) {
    checkNoCycle(
      wouldCreateCycle(
        edges.filter((edge) => STANDING_IN.includes(edge.type)),
        id,
        target,
      ),
    );
  }
  if (isBlockingType(type)) checkNoCycle(wouldCreateCycle(edges.filter(isBlockingEdge), id, target));
  const step = deciding(dependency);
  const circle = step && wouldCreateCycle(waitingGraph([...edges, dependency]), step.issue_id, step.depends_on_id);
  checkNoDeadlock(circle && issuesAlong(circle));
}

function isBlockingEdge({ type }: TreeEdge): boolean {
  return isBlockingType(type);
}

/** An edge by which the issue that gets a parent, or something below it, waits for that parent or what is above it. */
function waitingForNewAncestor(
  { issue_id: id, depends_on_id: parent }: NewDependency,
  edges: readonly TreeEdge[],
  parentEdges: readonly DependencyEdge[],
): TreeEdge | undefined {
  const above = ancestorsOf(parent, [...parentEdges, ...parentsByName(parent, parentEdges)]).add(parent);
  const waiting = edges.filter((edge) => isWaitingType(edge.type) && above.has(edge.depends_on_id));
  if (waiting.length === 0) return undefined;
  const named = waiting.flatMap((edge) => parentsByName(edge.issue_id, parentEdges));
  const moved = new Set([id, ...descendantsOf(id, [...parentEdges, ...named], [])]);
  return waiting.find((edge) => moved.has(edge.issue_id));
}

/** The parents that an id names (`a.1` of `a.1.2`), each unless the child has a parent of its own. */
function parentsByName(id: string, parentEdges: readonly DependencyEdge[]): DependencyEdge[] {
  const hasParent = new Set(parentEdges.map((edge) => edge.issue_id));
  const named: DependencyEdge[] = [];
  for (let child = id, parsed = parseChildId(id); parsed !== undefined; ) {
    if (!hasParent.has(child)) named.push({ issue_id: child, depends_on_id: parsed.parentId });
    child = parsed.parentId;
    parsed = parseChildId(child);
  }
  return named;
}

function pairKey({ issue_id: id, depends_on_id: target }: DependencyEdge): string {
  return `${id}\0${target}`;
}
