import { wantedIdIn } from "../../core/merge/moved-id.ts";
import { appearancesIn, type SameIssue, sameIssues } from "../../core/merge/same-issue.ts";
import type { Rows } from "../../core/merge/snapshot.ts";
import type { Reader } from "../session-types.ts";
import { birthsAt, creationsAt } from "./issues-at.ts";
import type { CommitPair } from "./table-changes.ts";

/** Ids of issues whose rows differ between two commits. */
export interface DifferingIds {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Ids whose row tells of another creator or time of creation. */
  readonly reborn: readonly string[];
}

/**
 * Which issues of one commit are which of a later one (or of `WORKING`), whatever their ids, as far as that may be in
 * doubt: who merged may have been somebody else, who had no reason to tell us. The earlier commit is the base, the later
 * one is theirs.
 */
export async function sameIssuesBetween(
  reader: Reader,
  { from, to }: CommitPair,
  differing: DifferingIds,
): Promise<SameIssue[]> {
  const { left, taken } = candidates(differing);
  if (left.size === 0 || taken.size === 0) return [];
  const after = new Set([...left, ...taken]);
  const [here, createdHere, there, createdThere] = await reader.all([
    birthsAt(from, left),
    creationsAt(from, left),
    birthsAt(to, after),
    creationsAt(to, after),
  ]);
  return sameIssues([
    ...appearancesIn("base", snapshotOf(here, createdHere)),
    ...appearancesIn("theirs", snapshotOf(there, createdThere)),
  ]);
}

/** Ids that an issue may have left, and those that it may have now. */
function candidates({ added, removed, reborn }: DifferingIds): { left: Set<string>; taken: Set<string> } {
  // Two that one person made in one second look alike but for the event of their creation.
  const wanted = added.map(wantedIdIn).filter((id, index) => id !== added[index]);
  return { left: new Set([...removed, ...reborn, ...wanted]), taken: new Set([...added, ...reborn]) };
}

function snapshotOf(issues: Rows, events: Rows): Map<string, Rows> {
  return new Map([
    ["issues", issues],
    ["events", events],
  ]);
}
