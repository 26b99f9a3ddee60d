/** By commit, its parents. Ancestors of a commit that is here are here too. */
export type CommitGraph = ReadonlyMap<string, readonly string[]>;

/** A commit with one of its parents: what differs between the two. */
export interface CommitStep {
  readonly from: string;
  readonly to: string;
}

export function stepName({ from, to }: CommitStep): string {
  return `${from}..${to}`;
}

/** Dolt's tables of differences know one child of each commit: they do for a parent with no other child. */
export function stepsOf(commits: readonly { readonly hash: string; readonly parents: readonly string[] }[]): {
  readonly plain: readonly CommitStep[];
  readonly forked: readonly CommitStep[];
} {
  const own = new Set(commits.map(({ hash }) => hash));
  const steps = commits.flatMap(({ hash, parents }) => parents.map((from) => ({ from, to: hash })));
  const children = Map.groupBy(steps, ({ from }) => from);
  const { plain = [], forked = [] } = Object.groupBy(steps, ({ from }) =>
    own.has(from) && children.get(from)?.length === 1 ? "plain" : "forked",
  );
  return { plain, forked };
}

/** The best common ancestors of two sets of commits: those that lead to both and to no other such ancestor. */
export function bestCommonAncestors(graph: CommitGraph, some: readonly string[], others: readonly string[]): string[] {
  const [here, there] = [withAncestors(graph, some), withAncestors(graph, others)];
  const common = [...here].filter((commit) => there.has(commit));
  const inner = new Set(common.flatMap((commit) => graph.get(commit) ?? []));
  return common.filter((commit) => !inner.has(commit)).toSorted();
}

/** Those of the commits that lead to no other of them. */
export function latestOf(graph: CommitGraph, commits: readonly string[]): string[] {
  const earlier = withAncestors(
    graph,
    commits.flatMap((commit) => graph.get(commit) ?? []),
  );
  return commits.filter((commit) => !earlier.has(commit));
}

function withAncestors(graph: CommitGraph, tips: readonly string[]): Set<string> {
  const found = new Set(tips);
  // A set's iterator also gives what is added meanwhile.
  for (const commit of found) for (const parent of graph.get(commit) ?? []) found.add(parent);
  return found;
}
