import type { IssueReport } from "../core/changes/issue-report.ts";
import type { Side } from "../core/merge/cell.ts";
import { type MergeEnds, type MergeTransaction, mergeEnds, mergeKind } from "../store/merge.ts";
import type { Reader } from "../store/session-types.ts";
import { countCommits } from "./compare.ts";
import { type Accepted, checkIncoming } from "./incoming/check-incoming.ts";
import { readChanges, type SettingReport } from "./incoming/incoming.ts";
import { type IncomingCode, NO_CODE } from "./incoming/incoming-code.ts";
import { type MergePlan, planMerge } from "./merge/plan-merge.ts";
import { settleMerge } from "./merge/settle-merge.ts";
import { NOTHING_SETTLED, type Settlement, settlementOf } from "./preview.ts";

/** What a merge brought to this database. */
export interface Incoming {
  /** Commits that only we had, and that only the remote had. */
  readonly ahead: number;
  readonly behind: number;
  /** How the issues here differ from before. */
  readonly changes: readonly IssueReport[];
  readonly settings: readonly SettingReport[];
  readonly settlement: Settlement;
  /** What came in beside rows. */
  readonly brought: IncomingCode;
}

/** A merge that is worked out and not made; all that it rests on are its ends. */
export interface PreparedMerge {
  readonly ends: MergeEnds;
  readonly plan: MergePlan;
}

/**
 * Works out how both sides' news are settled, before the write lock is taken: that may take seconds where both have
 * many commits. Undefined where nothing has to be settled. Throws as `checkIncoming`.
 */
export async function prepareMerge(
  reader: Reader,
  theirs: string,
  { prefer, accepted }: Choices,
): Promise<PreparedMerge | undefined> {
  const [ends] = await reader.all([mergeEnds(theirs)]);
  if (mergeKind(ends) !== "merge") return undefined;
  await checkIncoming(reader, ends, accepted);
  return { ends, plan: await planMerge(reader, ends, prefer) };
}

/** What the person who pulls has decided. */
interface Choices {
  readonly prefer: Side | undefined;
  readonly accepted: Accepted;
}

interface Taking extends Choices {
  /** Serves where our branch has not moved since. */
  readonly prepared: PreparedMerge | undefined;
}

/** The body of a merge: checks what comes in, and where both sides have news, settles it. Throws as `checkIncoming`. */
export async function takeIncoming(merge: MergeTransaction, { prefer, accepted, prepared }: Taking): Promise<Incoming> {
  const { kind, ends } = merge;
  const { ours, theirs } = ends;
  const [ahead, behind] = await merge.all([countCommits(theirs, ours), countCommits(ours, theirs)]);
  if (kind === "up-to-date" || kind === "same-tables") {
    return { ahead, behind, changes: [], settings: [], settlement: NOTHING_SETTLED, brought: NO_CODE };
  }
  const brought = await checkIncoming(merge, ends, accepted);
  if (kind === "fast-forward") {
    const { moved, ...here } = await readChanges(merge, ours, theirs);
    return { ahead, behind, ...here, settlement: { ...NOTHING_SETTLED, moved }, brought };
  }
  const isPrepared = prepared?.ends.ours === ours && prepared.ends.theirs === theirs;
  const plan = isPrepared ? prepared.plan : await planMerge(merge, ends, prefer);
  await settleMerge(merge, plan);
  const { moved, ...here } = await readChanges(merge, ours, "WORKING");
  return { ahead, behind, ...here, settlement: settlementOf(plan, moved), brought };
}
