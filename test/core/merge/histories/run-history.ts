import { type Snapshot, sameSnapshot } from "../../../../src/core/merge/snapshot.ts";
import { violations } from "./check-ledger.ts";
import { Commits } from "./commits.ts";
import { foreignMerge } from "./foreign-merge.ts";
import { HistoryOfChanges } from "./history.ts";
import { exported, type FileLine, imported } from "./import-file.ts";
import { MemoryClone, type Merge, mergeByIdentity, type Remote } from "./memory-clone.ts";
import { oldFile } from "./old-files.ts";
import { type Plan, planOf } from "./plan.ts";
import { Random } from "./random.ts";
import { comeToRest } from "./rest.ts";
import { sameByTag, withoutLoose } from "./same-by-tag.ts";
import { firstTables, rowsOf } from "./tables.ts";

/** What happened in a history, for counting. */
export interface HistoryResult {
  readonly violations: readonly string[];
  readonly plan: Plan;
  readonly commits: number;
  readonly crossings: number;
  readonly imports: number;
  /** How many issues have an id that they had to move to. */
  readonly moved: number;
  readonly deleted: number;
}

const STEPS = 42;

/** One history of three to five clones by the seed: what they do, who pulls what when, and what comes of it. */
export async function runHistory(seed: number, merge: Merge = mergeByIdentity): Promise<HistoryResult> {
  const random = new Random(seed);
  const world = new World(random, planOf(random), merge);
  for (let step = 0; step < STEPS; step++) await world.step();
  return world.result();
}

class World {
  readonly #random: Random;
  readonly #plan: Plan;
  readonly #merge: Merge;
  readonly #commits = new Commits();
  readonly #history: HistoryOfChanges;
  readonly #clones: readonly MemoryClone[];
  readonly #remotes: readonly Remote[];
  readonly #files: FileLine[][] = [];
  #imports = 0;

  constructor(random: Random, plan: Plan, merge: Merge) {
    this.#random = random;
    this.#plan = plan;
    this.#merge = merge;
    const root = this.#commits.add([], firstTables(plan), new Map());
    this.#clones = plan.people.map((actor) => new MemoryClone(actor, root, this.#commits));
    this.#remotes = Array.from({ length: plan.remotes }, () => ({ tip: root }));
    this.#history = new HistoryOfChanges(random, plan);
    if (plan.files) this.#files.push(oldFile(random, () => this.#history.newTag()));
  }

  async step(): Promise<void> {
    const random = this.#random;
    const clone = random.pick(this.#clones);
    if (clone === undefined) return;
    if (!random.chance(0.35)) return this.#history.step(clone);
    if (random.chance(0.15)) return this.#useFile(clone);
    const online = this.#clones.filter(({ actor }) => actor !== this.#plan.offline);
    const [one, other, remote] = [random.pick(online), random.pick(online), random.pick(this.#remotes)];
    if (one === undefined || other === undefined) return;
    if (remote !== undefined && random.chance(0.5)) await one.exchange(remote, this.#program());
    else if (random.chance(0.4)) await one.pull(other.tip, this.#program());
    else await this.#atOnce(random.chance(0.6) ? [one, other] : random.shuffled(online));
  }

  #program(): Merge {
    return this.#plan.foreign && this.#random.chance(0.4) ? foreignMerge : this.#merge;
  }

  /** Each pulls what the next had before all this. */
  async #atOnce(clones: readonly MemoryClone[]): Promise<void> {
    const tips = clones.map(({ tip }) => tip);
    for (const [index, clone] of clones.entries()) {
      await clone.pull(tips[(index + 1) % tips.length] ?? clone.tip, this.#program());
    }
  }

  #useFile(clone: MemoryClone): void {
    if (!this.#plan.files) return;
    if (this.#random.chance(0.2)) this.#files.push(exported(clone.snapshot));
    const lines = this.#random.pick(this.#files) ?? [];
    const [now, program] = [this.#history.now(), this.#random.chance(0.5) ? "ours" : "peer"] as const;
    const tables = imported(clone.snapshot, { lines, program, now, random: this.#random });
    const before = new Set(rowsOf(clone.snapshot, "events").map((row) => row["id"]));
    if (rowsOf(tables, "events").every((row) => before.has(row["id"]))) return;
    this.#imports += 1;
    // What the program left out did not come.
    const arrived = new Set(rowsOf(tables, "issues").map((row) => row["owner"]));
    this.#history.ledger.noteImport(lines.filter(({ tag }) => arrived.has(tag)));
    clone.commit(tables, now);
  }

  async result(): Promise<HistoryResult> {
    const world = { commits: this.#commits, merge: this.#merge, random: this.#random };
    const ends = [
      await comeToRest({ clones: this.#clones, remotes: [] }, world),
      await comeToRest({ clones: this.#clones, remotes: this.#remotes }, world),
    ];
    const found = ends.flatMap(({ violations: unrest }) => unrest);
    const tables = ends.map(({ snapshot }) => withoutLoose(snapshot, this.#history.ledger));
    const [first = new Map(), second = new Map()] = tables;
    if (!this.#plan.foreign) {
      found.push(...ends.flatMap(({ snapshot }) => violations(snapshot, this.#history.ledger)));
      found.push(...this.#orderShown(first, second));
    }
    const entries = [...this.#history.ledger.entries.values()];
    return {
      violations: [...new Set(found)],
      plan: this.#plan,
      commits: this.#commits.count,
      crossings: this.#commits.crossings,
      imports: this.#imports,
      moved: rowsOf(first, "issues").filter(({ id }) => String(id).includes("_")).length,
      deleted: entries.filter(({ deleted }) => deleted).length,
    };
  }

  /**
   * Who pulled from whom first may show in ids alone, and only where nobody remembers what was deleted or renamed, or a
   * file does not tell when something was made.
   */
  #orderShown(first: Snapshot, second: Snapshot): string[] {
    if (sameSnapshot(first, second)) return [];
    const { deletions, tombstones, renames, files } = this.#plan;
    // Whose time an import made up gets an earlier one when another import of it comes.
    const isDateless = [...this.#history.ledger.entries.values()].some((entry) => entry.isDateless);
    const mayShow = renames || isDateless || (deletions && (!tombstones || files));
    if (!mayShow) return ["the order shows"];
    return sameByTag(first, second, this.#history.ledger) ? [] : ["the order shows, not only in ids"];
  }
}
