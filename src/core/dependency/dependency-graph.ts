/** An edge as it is stored: `issue_id` waits for, or belongs to, `depends_on_id`. */
export interface DependencyEdge {
  readonly issue_id: string;
  readonly depends_on_id: string;
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

/**
 * The cycle that a new edge from `issueId` to `dependsOnId` would close: the ids from `issueId` along the edges back
 * to `issueId`, shortest first. Undefined when it closes none. Give only the edges of the types that count.
 */
export function wouldCreateCycle(
  edges: Iterable<DependencyEdge>,
  issueId: string,
  dependsOnId: string,
): string[] | undefined {
  const path = shortestPath(neighbours(edges), dependsOnId, issueId);
  return path && [issueId, ...path];
}

/** Keeps a hopelessly tangled import from costing a search per issue; nobody reads more. */
const MAX_CYCLES_PER_TANGLE = 100;

/**
 * Cycles that together touch every issue that is on any cycle (up to 100 in each tangle of cycles), each as its ids
 * along the edges, starting with the smallest. The order of the edges does not matter.
 */
export function findCycles(edges: Iterable<DependencyEdge>): string[][] {
  const graph = neighbours(edges);
  const cycles = stronglyConnected(graph).flatMap((tangle) => cyclesCovering(tangle, graph));
  return cycles.toSorted((a, b) => compare(a.join("\n"), b.join("\n")));
}

function cyclesCovering(tangle: readonly string[], graph: Neighbours): string[][] {
  const members = new Set(tangle);
  const inside: Neighbours = new Map(tangle.map((id) => [id, (graph.get(id) ?? []).filter((to) => members.has(to))]));
  const covered = new Set<string>();
  const cycles: string[][] = [];
  for (const id of tangle) {
    if (covered.has(id) || cycles.length === MAX_CYCLES_PER_TANGLE) continue;
    const cycle = shortestCycleThrough(inside, id);
    for (const member of cycle) covered.add(member);
    cycles.push(startingWithSmallest(cycle));
  }
  return cycles;
}

/** All that stand above `id`, at any distance, along parent-child edges. */
export function ancestorsOf(id: string, parentEdges: Iterable<DependencyEdge>): Set<string> {
  const graph = neighbours(parentEdges);
  const found = new Set(graph.get(id));
  for (const ancestor of found) for (const next of graph.get(ancestor) ?? []) found.add(next);
  found.delete(id);
  return found;
}

/**
 * Everything below a parent: its descendants along parent-child edges, and of all `ids` those that are named as
 * children of one of them (`parent.2`) but have no parent-child edge of their own. Without the parent; ordered by id.
 */
export function descendantsOf(
  parentId: string,
  parentEdges: Iterable<DependencyEdge>,
  ids: Iterable<string>,
): string[] {
  const edges = [...parentEdges];
  const hasParent = new Set(edges.map((edge) => edge.issue_id));
  const found = new Set<string>();
  for (const id of ids) {
    if (id.startsWith(`${parentId}.`) && !hasParent.has(id)) found.add(id);
  }
  const children = neighbours(edges.map((edge) => ({ issue_id: edge.depends_on_id, depends_on_id: edge.issue_id })));
  const queue = [parentId, ...found];
  for (const id of queue) {
    for (const child of children.get(id) ?? []) {
      if (found.has(child)) continue;
      found.add(child);
      queue.push(child);
    }
  }
  found.delete(parentId);
  return [...found].toSorted();
}

/** Neighbours in order of id, each once. */
function neighbours(edges: Iterable<DependencyEdge>): Neighbours {
  const sets = new Map<string, Set<string>>();
  for (const { issue_id: from, depends_on_id: to } of edges) {
    const set = sets.get(from);
    if (set === undefined) sets.set(from, new Set([to]));
    else set.add(to);
  }
  return new Map([...sets].map(([from, set]) => [from, [...set].toSorted()]));
}

/** The ids from `from` to `to`, both included; `[from]` when they are the same. */
function shortestPath(graph: Neighbours, from: string, to: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (const id of queue) {
    if (id === to) return pathBack(cameFrom, to);
    for (const next of graph.get(id) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  return undefined;
}

function pathBack(cameFrom: ReadonlyMap<string, string | undefined>, to: string): string[] {
  const path: string[] = [];
  for (let id: string | undefined = to; id !== undefined; id = cameFrom.get(id)) path.push(id);
  return path.toReversed();
}

/** Empty when no edge leads back to `id`; else the ids from `id` on to the one before it. */
function shortestCycleThrough(graph: Neighbours, id: string): string[] {
  const cameFrom = new Map<string, string | undefined>([[id, undefined]]);
  const queue = [id];
  for (const at of queue) {
    for (const next of graph.get(at) ?? []) {
      if (next === id) return pathBack(cameFrom, at);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return [];
}

function startingWithSmallest(cycle: readonly string[]): string[] {
  const smallest = cycle.reduce((best, id) => (id < best ? id : best));
  const start = cycle.indexOf(smallest);
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}

/**
 * Tarjan's strongly connected components with an explicit stack, as a chain of 100,000 issues is too deep for
 * recursion. Components in which an edge leads back, each ordered by id.
 */
function stronglyConnected(graph: Neighbours): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const components: string[][] = [];

  const enter = (id: string): Frame => {
    order.set(id, order.size);
    low.set(id, order.size - 1);
    stack.push(id);
    onStack.add(id);
    return { id, next: 0 };
  };
  const lower = (id: string, to: number) => low.set(id, Math.min(low.get(id) ?? to, to));

  for (const root of graph.keys()) {
    const frames = order.has(root) ? [] : [enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = graph.get(frame.id)?.[frame.next++];
      if (next === undefined) {
        frames.pop();
        const above = frames.at(-1);
        const own = low.get(frame.id) ?? 0;
        if (above !== undefined) lower(above.id, own);
        if (own === order.get(frame.id)) components.push(popUntil(stack, onStack, frame.id));
      } else if (!order.has(next)) {
        frames.push(enter(next));
      } else if (onStack.has(next)) {
        lower(frame.id, order.get(next) ?? 0);
      }
    }
  }
  return components.filter(([first = "", second]) => second !== undefined || graph.get(first)?.includes(first));
}

interface Frame {
  readonly id: string;
  next: number;
}

function popUntil(stack: string[], onStack: Set<string>, id: string): string[] {
  const members = stack.splice(stack.lastIndexOf(id));
  for (const member of members) onStack.delete(member);
  return members.toSorted();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
