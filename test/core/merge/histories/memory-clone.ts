import type { Sides } from "../../../../src/core/merge/cell.ts";
import { type AlignedRow, alignSnapshots } from "../../../../src/core/merge/merge-snapshots.ts";
import { mergeVersions } from "../../../../src/core/merge/merge-versions.ts";
import { type Snapshot, sameSnapshot } from "../../../../src/core/merge/snapshot.ts";
import { commonBase } from "../../../../src/federation/merge/common-base.ts";
import { applyChange, type Dated } from "./change.ts";
import type { Commits } from "./commits.ts";
import { datesAfter, laterDates, rowDates } from "./dates.ts";
import { draftOf, KEYS } from "./tables.ts";

/** Merges two tips that went on from the bases, by some rules. */
export type Merge = (commits: Commits, tips: Sides<string>, bases: readonly string[]) => Promise<Snapshot>;

/** The rules of the product. */
export const mergeByIdentity: Merge = async (commits, tips, bases) => {
  const [base, ours, theirs] = [await commonBase(commits, bases), commits.get(tips.ours), commits.get(tips.theirs)];
  const alignment = alignSnapshots({ base, ours: ours.snapshot, theirs: theirs.snapshot }, KEYS);
  const datesOf = (row: AlignedRow) => ({ ours: rowDates(row, ours.dates), theirs: rowDates(row, theirs.dates) });
  return mergeVersions(alignment, KEYS, { datesOf }).rows;
};

/** A shared place that only moves on: who lacks something of it has to pull before. */
export interface Remote {
  tip: string;
}

/** Somebody's copy of the tracker, in memory. */
export class MemoryClone {
  readonly actor: string;
  readonly #commits: Commits;
  tip: string;

  constructor(actor: string, tip: string, commits: Commits) {
    this.actor = actor;
    this.tip = tip;
    this.#commits = commits;
  }

  get snapshot(): Snapshot {
    return this.#commits.get(this.tip).snapshot;
  }

  apply(change: Dated): void {
    const draft = draftOf(this.snapshot);
    applyChange(draft, change);
    this.commit(draft, change.now);
  }

  commit(snapshot: Snapshot, now: string): void {
    const { dates, snapshot: before } = this.#commits.get(this.tip);
    this.tip = this.#commits.add([this.tip], snapshot, datesAfter(dates, [before, snapshot], now));
  }

  /** Gives whether anything came. Of equal tables nothing has to come, unless the other commit must be behind ours. */
  async pull(theirs: string, merge: Merge, { toPush = false } = {}): Promise<boolean> {
    const [ours, other] = [this.#commits.get(this.tip), this.#commits.get(theirs)];
    if (ours.ancestors.has(theirs)) return false;
    if (other.ancestors.has(this.tip)) {
      this.tip = theirs;
      return true;
    }
    const isSame = sameSnapshot(ours.snapshot, other.snapshot);
    if (isSame && !toPush) return false;
    const tables = isSame ? ours.snapshot : await this.#merged(theirs, merge);
    this.tip = this.#commits.add([this.tip, theirs], tables, laterDates(ours.dates, other.dates));
    return true;
  }

  /** Pulls from the place and pushes to it. Gives whether anything went either way. */
  async exchange(remote: Remote, merge: Merge): Promise<boolean> {
    const came = await this.pull(remote.tip, merge, { toPush: true });
    const went = remote.tip !== this.tip;
    remote.tip = this.tip;
    return came || went;
  }

  async #merged(theirs: string, merge: Merge): Promise<Snapshot> {
    const bases = await this.#commits.mergeBases([this.tip], [theirs]);
    const merged = await merge(this.#commits, { ours: this.tip, theirs }, bases);
    // A table stays, also where no row is in it.
    const tables = [...this.snapshot.keys()].map((table) => [table, merged.get(table) ?? new Map()] as const);
    return new Map([...merged, ...tables]);
  }
}
