import { type DependencyEdge, findCycles } from "./dependency-graph.ts";
import type { TreeEdge } from "./dependency-tree.ts";
import { isBlockingType } from "./dependency-type.ts";

/**
 * Who has to come before whom, as readiness sees it: an issue waits for what blocks it, and a child waits, one step
 * deep, for what blocks its parent. So each issue has two nodes, itself and what blocks it: children and issue lead to
 * the second, which leads to the blockers. A circle in this graph never becomes ready.
 */
export function waitingGraph(edges: readonly TreeEdge[]): DependencyEdge[] {
  return edges.flatMap((edge) => waitsOf(edge).map(([from, to]) => ({ issue_id: from, depends_on_id: to })));
}

type Step = readonly [from: string, to: string];

function waitsOf({ issue_id: id, depends_on_id: target, type }: TreeEdge): readonly Step[] {
  if (type === "parent-child") return [[id, blockersNode(target)]];
  if (!isBlockingType(type)) return [];
  return [
    [id, blockersNode(id)],
    [blockersNode(id), target],
  ];
}

/** The step that a new edge adds to the graph, the only one on which it could close a circle. */
export function deciding(edge: TreeEdge): DependencyEdge | undefined {
  const last = waitsOf(edge).at(-1);
  return last && { issue_id: last[0], depends_on_id: last[1] };
}

const BLOCKERS = "\0blockers";

function blockersNode(id: string): string {
  return `${id}${BLOCKERS}`;
}

/** The issues along a path of the graph, each once in a row. */
export function issuesAlong(path: readonly string[]): string[] {
  const ids = path.map((node) => (node.endsWith(BLOCKERS) ? node.slice(0, -BLOCKERS.length) : node));
  return ids.filter((id, index) => id !== ids[index - 1]);
}

/** The same for a circle: its end touches its start. */
function issuesInCircle(nodes: readonly string[]): string[] {
  const ids = issuesAlong(nodes);
  return ids.length > 1 && ids.at(-1) === ids[0] ? ids.slice(0, -1) : ids;
}

/** Circles of waiting, by blockers of their own and of their parents, and circles of parents: the ids along each. */
export function circlesOf(edges: readonly TreeEdge[]): string[][] {
  const waits = [...waitingGraph(edges), ...edges.filter(({ type }) => type === "waits-for")];
  const parents = edges.filter(({ type }) => type === "parent-child");
  return [...findCycles(waits).map(issuesInCircle), ...findCycles(parents)];
}
