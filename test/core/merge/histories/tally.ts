import type { HistoryResult } from "./run-history.ts";

/** What many histories came to. */
export interface Tally {
  /** Counts by what is counted, in the order in which they are shown. */
  readonly counts: ReadonlyMap<string, number>;
  /** By the kind of what the tables say otherwise than they should, the seeds. */
  readonly violations: ReadonlyMap<string, readonly number[]>;
}

export async function tallied(seeds: Iterable<number>, run: (seed: number) => Promise<HistoryResult>): Promise<Tally> {
  const counts = new Map<string, number>();
  const violations = new Map<string, number[]>();
  const add = (what: string, count: number | boolean) => counts.set(what, (counts.get(what) ?? 0) + Number(count));
  for (const seed of seeds) {
    const { plan, ...result } = await run(seed);
    add("histories", 1);
    add("commits", result.commits);
    add("merges of several bases", result.crossings);
    add("histories that crossed", result.crossings > 0);
    add("with ids that moved", result.moved > 0);
    add("with deletions", result.deleted > 0);
    add("with imports", result.imports > 0);
    add("with remotes", plan.remotes > 0);
    add("with somebody offline", plan.offline !== undefined);
    add("with renames", plan.renames);
    add("with a foreign program", plan.foreign);
    for (const kind of new Set(result.violations.map(kindOf))) {
      violations.set(kind, [...(violations.get(kind) ?? []), seed]);
    }
  }
  return { counts, violations };
}

/** The sentence without the names and values of one history. */
function kindOf(sentence: string): string {
  const [kind = ""] = sentence.split(/: /);
  return kind
    .replace(/^#\d+/, "an issue")
    .replace(/^(?:ann|bob|carl|dora|emil) /, "somebody ")
    .replace(/ has the (\S+) .*/, " has another $1")
    .replace(/\d+/g, "so many");
}
