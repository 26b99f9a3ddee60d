import type { Random } from "./random.ts";

/** What happens in a history, beside what everybody does. */
export interface Plan {
  readonly people: readonly string[];
  /** Whether the database remembers what was deleted. */
  readonly tombstones: boolean;
  readonly deletions: boolean;
  readonly renames: boolean;
  readonly remotes: number;
  /** Who hears nothing of the others until the end. */
  readonly offline: string | undefined;
  /** Whether files are taken in. */
  readonly files: boolean;
  /** Whether a program merges too that knows nothing of these rules. */
  readonly foreign: boolean;
}

const PEOPLE = ["ann", "bob", "carl", "dora", "emil"];

export function planOf(random: Random): Plan {
  const people = PEOPLE.slice(0, 3 + random.below(3));
  return {
    people,
    tombstones: random.chance(0.5),
    deletions: random.chance(0.65),
    renames: random.chance(0.2),
    remotes: random.chance(0.5) ? 1 + random.below(2) : 0,
    offline: random.chance(0.2) ? random.pick(people) : undefined,
    files: random.chance(0.35),
    foreign: random.chance(0.04),
  };
}
