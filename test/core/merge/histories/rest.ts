import { type Snapshot, sameSnapshot } from "../../../../src/core/merge/snapshot.ts";
import type { Commits } from "./commits.ts";
import { MemoryClone, type Merge, type Remote } from "./memory-clone.ts";
import type { Random } from "./random.ts";

interface Places {
  readonly clones: readonly MemoryClone[];
  readonly remotes: readonly Remote[];
}

interface World {
  readonly commits: Commits;
  readonly merge: Merge;
  readonly random: Random;
}

const ROUNDS = 8;

/**
 * All hear of all, in a random order, until nobody gets anything: by the shared places where there are some, else from
 * each other. The clones stay as they are; copies of them come to rest.
 */
export async function comeToRest(
  { clones, remotes }: Places,
  world: World,
): Promise<{ snapshot: Snapshot; violations: string[] }> {
  const [copies, places] = [
    clones.map(({ actor, tip }) => new MemoryClone(actor, tip, world.commits)),
    remotes.map(({ tip }) => ({ tip })),
  ];
  const violations: string[] = [];
  let rounds = 0;
  while (await round({ clones: copies, remotes: places }, world)) {
    rounds += 1;
    if (rounds <= ROUNDS) continue;
    violations.push("never comes to rest");
    break;
  }
  const commits = world.commits.count;
  await round({ clones: copies, remotes: places }, world);
  if (world.commits.count > commits) violations.push("a commit after the rest");
  const [first] = copies;
  if (first === undefined) return { snapshot: new Map(), violations };
  const others = copies.filter(({ snapshot }) => !sameSnapshot(snapshot, first.snapshot));
  violations.push(...others.map(({ actor }) => `${actor} has other tables`));
  return { snapshot: first.snapshot, violations };
}

async function round({ clones, remotes }: Places, { merge, random }: World): Promise<boolean> {
  let moved = false;
  if (remotes.length > 0) {
    for (const clone of random.shuffled(clones)) {
      for (const remote of random.shuffled(remotes)) moved = (await clone.exchange(remote, merge)) || moved;
    }
    return moved;
  }
  const pairs = clones.flatMap((one) => clones.filter((other) => other !== one).map((other) => [one, other] as const));
  for (const [one, other] of random.shuffled(pairs)) moved = (await one.pull(other.tip, merge)) || moved;
  return moved;
}
