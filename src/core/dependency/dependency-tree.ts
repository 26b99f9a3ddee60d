import { compareIds } from "../issue/id-order.ts";
import type { DependencyEdge } from "./dependency-graph.ts";

export interface TreeEdge extends DependencyEdge {
  readonly type: string;
}

/** down: what the root waits for. up: what waits for the root. both: first up without the root, then down. */
export type TreeDirection = "down" | "up" | "both";

export interface TreePosition {
  readonly id: string;
  /** 0 for the root. */
  readonly depth: number;
  /** The node above it in this tree; empty for the root. */
  readonly parent_id: string;
  /** The type of the edge to that node; absent for the root. */
  readonly edge_from_parent?: string;
  /** True when there is more below, which the depth limit cut off. */
  readonly truncated: boolean;
  /** True where another way leads to an issue that stands above with what is below it. */
  readonly again: boolean;
}

export interface TreeOptions {
  readonly direction: TreeDirection;
  /** How many levels to show, the root's included. */
  readonly maxDepth: number;
}

/**
 * The dependency tree in the order in which it is printed: each node before those below it, neighbours by id. An
 * issue that is reached by several ways stands where the first of them ends, and again, alone, at the others.
 */
export function walkDependencyTree(root: string, edges: Iterable<TreeEdge>, options: TreeOptions): TreePosition[] {
  const { direction, maxDepth } = options;
  const all = [...edges];
  if (direction !== "both") return walk(root, linksOf(all, direction), maxDepth);
  const [, ...up] = walk(root, linksOf(all, "up"), maxDepth);
  return [...up, ...walk(root, linksOf(all, "down"), maxDepth)];
}

interface Link {
  readonly id: string;
  readonly type: string;
}

function linksOf(edges: readonly TreeEdge[], direction: "down" | "up"): Map<string, Link[]> {
  const links = new Map<string, Link[]>();
  for (const { issue_id: source, depends_on_id: target, type } of edges) {
    const [from, to] = direction === "down" ? [source, target] : [target, source];
    const list = links.get(from);
    if (list === undefined) links.set(from, [{ id: to, type }]);
    else list.push({ id: to, type });
  }
  for (const list of links.values()) list.sort((a, b) => compareIds(a.id, b.id));
  return links;
}

/** Depth first with an explicit stack; a node counts as visited when its turn comes, as it would in a recursion. */
function walk(root: string, links: ReadonlyMap<string, readonly Link[]>, maxDepth: number): TreePosition[] {
  const visited = new Set<string>();
  const positions: TreePosition[] = [];
  const stack: Omit<TreePosition, "truncated" | "again">[] =
    maxDepth > 0 ? [{ id: root, depth: 0, parent_id: "" }] : [];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (visited.has(node.id)) {
      positions.push({ ...node, truncated: false, again: true });
      continue;
    }
    visited.add(node.id);
    const { id, depth } = node;
    const below = links.get(id) ?? [];
    const isLast = depth + 1 >= maxDepth;
    const isCut = isLast && below.some((link) => !visited.has(link.id));
    positions.push({ ...node, truncated: isCut, again: false });
    if (isLast) continue;
    for (const link of below.toReversed()) {
      stack.push({ id: link.id, depth: depth + 1, parent_id: id, edge_from_parent: link.type });
    }
  }
  return positions;
}
