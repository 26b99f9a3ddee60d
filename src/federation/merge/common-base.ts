import { alignSnapshots, mergedRows, settleByRules } from "../../core/merge/merge-snapshots.ts";
import { keyText, type Snapshot, sameSnapshot, type TableKeys } from "../../core/merge/snapshot.ts";

/** The commits of a merge, however they are kept. */
export interface History {
  readonly keys: TableKeys;
  /**
   * The best common ancestors of two sets of commits: those that lead to a commit of each and to no other such
   * ancestor.
   */
  mergeBases(some: readonly string[], others: readonly string[]): Promise<readonly string[]>;
  snapshot(commit: string): Promise<Snapshot>;
}

/**
 * What the sides of a merge went on from. Histories that crossed have several best common ancestors; then it is what
 * the rules make of these, which may have several themselves. No commit holds it.
 */
export async function commonBase(history: History, bases: readonly string[]): Promise<Snapshot> {
  return new BaseFinder(history).of(bases);
}

class BaseFinder {
  readonly #history: History;
  readonly #known = new Map<string, Promise<Snapshot>>();

  constructor(history: History) {
    this.#history = history;
  }

  of(bases: readonly string[]): Promise<Snapshot> {
    const sorted = bases.toSorted();
    const name = keyText(sorted);
    const known = this.#known.get(name) ?? this.#unite(sorted);
    this.#known.set(name, known);
    return known;
  }

  async #unite([first, ...others]: readonly string[]): Promise<Snapshot> {
    if (first === undefined) return new Map();
    let united = await this.#history.snapshot(first);
    const behind = [first];
    for (const other of others) {
      const theirs = await this.#history.snapshot(other);
      // Of equal states comes that state, whatever was before.
      if (!sameSnapshot(united, theirs)) {
        const base = await this.of(await this.#history.mergeBases(behind, [other]));
        const { keys } = this.#history;
        united = mergedRows(alignSnapshots({ base, ours: united, theirs }, keys), keys, settleByRules);
      }
      behind.push(other);
    }
    return united;
  }
}
