import { bestCommonAncestors } from "../../../../src/core/merge/commit-graph.ts";
import type { Snapshot } from "../../../../src/core/merge/snapshot.ts";
import type { History } from "../../../../src/federation/merge/common-base.ts";
import type { Dates } from "./dates.ts";
import { KEYS } from "./tables.ts";

export interface Commit {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly dates: Dates;
  /** Itself and all commits before it. */
  readonly ancestors: ReadonlySet<string>;
}

/** The commits of all clones. */
export class Commits implements History {
  readonly keys = KEYS;
  readonly #commits = new Map<string, Commit>();
  readonly #parents = new Map<string, readonly string[]>();
  /** How often there were several best common ancestors. */
  crossings = 0;

  add(parents: readonly string[], snapshot: Snapshot, dates: Dates): string {
    const name = `c${String(this.#commits.size).padStart(4, "0")}`;
    const ancestors = new Set([name, ...parents.flatMap((parent) => [...this.get(parent).ancestors])]);
    this.#commits.set(name, { name, snapshot, dates, ancestors });
    this.#parents.set(name, parents);
    return name;
  }

  get(name: string): Commit {
    const commit = this.#commits.get(name);
    if (commit === undefined) throw new Error(`no commit ${name}`);
    return commit;
  }

  get count(): number {
    return this.#commits.size;
  }

  async mergeBases(some: readonly string[], others: readonly string[]): Promise<string[]> {
    const best = bestCommonAncestors(this.#parents, some, others);
    if (best.length > 1) this.crossings += 1;
    return best;
  }

  async snapshot(name: string): Promise<Snapshot> {
    return this.get(name).snapshot;
  }
}
