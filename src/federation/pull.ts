import type { Side } from "../core/merge/cell.ts";
import { identityAt } from "../store/identity.ts";
import type { MergeTransaction } from "../store/merge.ts";
import { checkIncoming } from "./check-incoming.ts";
import { countCommits } from "./compare.ts";
import { planMerge } from "./conflicts.ts";
import { type IssueChange, issueChanges } from "./incoming.ts";
import { type Settlement, settlementOf } from "./preview.ts";
import { settleMerge } from "./settle-merge.ts";

/** What a merge brought to this database. */
export interface Incoming {
  /** Commits that only we had, and that only the remote had. */
  readonly ahead: number;
  readonly behind: number;
  /** How the issues here differ from before. */
  readonly changes: readonly IssueChange[];
  readonly settlement: Settlement;
}

const NOTHING_SETTLED: Settlement = { conflicts: [], renamed: [], restored: [], kept: 0 };

/** The body of a merge: checks what comes in, and where both sides have news, settles it. Throws as `checkIncoming`. */
export async function takeIncoming(merge: MergeTransaction, prefer: Side | undefined): Promise<Incoming> {
  const { kind, ends } = merge;
  const { ours, theirs } = ends;
  const [here, there, ahead, behind] = await merge.all([
    identityAt(ours),
    identityAt(theirs),
    countCommits(theirs, ours),
    countCommits(ours, theirs),
  ]);
  if (kind === "up-to-date") return { ahead, behind, changes: [], settlement: NOTHING_SETTLED };
  checkIncoming(here, there);
  if (kind === "fast-forward") {
    const [changes] = await merge.all([issueChanges(ours, theirs)]);
    return { ahead, behind, changes, settlement: NOTHING_SETTLED };
  }
  const plan = await planMerge(merge, ends, prefer);
  await settleMerge(merge, plan);
  const [changes] = await merge.all([issueChanges(ours, "WORKING")]);
  return { ahead, behind, changes, settlement: settlementOf(plan) };
}
