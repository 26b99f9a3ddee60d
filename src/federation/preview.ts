import type { IssueReport } from "../core/changes/issue-report.ts";
import type { Side } from "../core/merge/cell.ts";
import type { MovedIssue } from "../core/merge/merge-versions.ts";
import { type MergeEnds, type MergeKind, mergeEnds, mergeKind } from "../store/merge.ts";
import type { Reader } from "../store/session-types.ts";
import { countCommits } from "./compare.ts";
import { lookAtIncoming } from "./incoming/check-incoming.ts";
import { readChanges, type SettingReport } from "./incoming/incoming.ts";
import { type IncomingCode, NO_CODE } from "./incoming/incoming-code.ts";
import { joinMoved } from "./incoming/moved-issues.ts";
import { type MergePlan, planMerge } from "./merge/plan-merge.ts";

/** What a pull would do, as far as that can be known before. */
export interface PullPreview {
  readonly ends: MergeEnds;
  readonly kind: MergeKind;
  /** Commits that only we have. */
  readonly ahead: number;
  /** Commits that only the remote has. */
  readonly behind: number;
  /** Issues that the other side changed, and those that we did, since the two parted. */
  readonly incoming: readonly IssueReport[];
  readonly outgoing: readonly IssueReport[];
  /** Settings that the other side changed. */
  readonly settings: readonly SettingReport[];
  readonly settlement: Settlement;
  /** What would come in beside rows. */
  readonly brought: IncomingCode;
}

/** What became of what both sides had done. */
export type Settlement = Pick<MergePlan, "conflicts" | "moved" | "beaten" | "kept">;

const NO_PLAN: MergePlan = { writes: [], conflicts: [], moved: [], beaten: [], kept: 0, whole: new Map() };

export const NOTHING_SETTLED: Settlement = settlementOf(NO_PLAN, []);

/** Compares, merges nothing. Throws as `lookAtIncoming`. */
export async function previewPull(reader: Reader, theirs: string, prefer: Side | undefined): Promise<PullPreview> {
  const [ends] = await reader.all([mergeEnds(theirs)]);
  const { ours, base } = ends;
  const kind = mergeKind(ends);
  const brought = kind === "up-to-date" ? NO_CODE : await lookAtIncoming(reader, ends);
  const [ahead, behind] = await reader.all([countCommits(theirs, ours), countCommits(ours, theirs)]);
  const there = await readChanges(reader, base, theirs);
  const here = await readChanges(reader, base, ours);
  const plan = kind === "merge" ? await planMerge(reader, ends, prefer) : NO_PLAN;
  return {
    ends,
    kind,
    ahead,
    behind,
    incoming: there.changes,
    outgoing: here.changes,
    settings: there.settings,
    settlement: settlementOf(plan, there.moved),
    brought,
  };
}

/** `moved` are issues of ours that had moved already where the plan had no reason to look. */
export function settlementOf(
  { conflicts, beaten, kept, ...plan }: MergePlan,
  moved: readonly MovedIssue[],
): Settlement {
  const shown = conflicts.filter(
    ({ why, field }) => why !== "maximum" && why !== "minimum" && field !== "content_hash",
  );
  return { conflicts: shown, moved: joinMoved(plan.moved, moved), beaten, kept };
}
