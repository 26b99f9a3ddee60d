import {
  checkEpicRule,
  checkNoCycle,
  checkNotAncestor,
  checkNotSelf,
  checkOneEdgePerPair,
  type NewDependency,
} from "../../core/blocking-rules.ts";
import { type DependencyEdge, isAncestor, wouldCreateCycle } from "../../core/dependency-graph.ts";
import type { TreeEdge } from "../../core/dependency-tree.ts";
import { isBlockingType } from "../../core/dependency-type.ts";
import { parseChildId } from "../../core/issue-id.ts";

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

/** What needs the whole graph. Parents must not go round in a circle either: nobody would find the way in. */
function checkShape(dependency: NewDependency, edges: readonly TreeEdge[]): void {
  const { issue_id: id, depends_on_id: target, type } = dependency;
  const parentEdges = edges.filter((edge) => edge.type === "parent-child");
  if (type === "parent-child") {
    checkNoCycle(wouldCreateCycle(parentEdges, id, target));
    return;
  }
  checkNotAncestor(dependency, isAncestor([...parentEdges, ...parentsByName(id, parentEdges)], target, id));
  if (!isBlockingType(type)) return;
  checkNoCycle(
    wouldCreateCycle(
      edges.filter((edge) => isBlockingType(edge.type)),
      id,
      target,
    ),
  );
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
