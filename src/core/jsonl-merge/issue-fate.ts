import { compareTexts } from "../merge/cell.ts";
import { type IssueLine, timeIn } from "./file-line.ts";

/** The lines of one issue; a version without one is undefined. */
export interface LinesOfIssue {
  readonly base: IssueLine | undefined;
  readonly ours: IssueLine | undefined;
  readonly theirs: IssueLine | undefined;
}

/** How deletions are told from lines that are merely missing. */
export interface DeletionRules {
  /** A line that one side has no more deletes its issue, whatever the other side changed. */
  readonly implicitDeletes?: boolean;
}

/** What the rules of merging are to see of an issue, and the line that remembers it where it is deleted. */
export interface Fate {
  readonly seen: LinesOfIssue;
  readonly tombstone?: IssueLine;
}

const NOTHING: LinesOfIssue = { base: undefined, ours: undefined, theirs: undefined };
const LIFETIME_MS = 30 * 86_400_000;

/**
 * Whether an issue lives on. In a file only a tombstone is a deletion: one that a side wrote since the base, and that had
 * not expired by the newest time of the files, beats the other side's change. A line that is merely missing takes an
 * unchanged one along, as in any merge of texts, and beats nothing, unless the rules say that it deletes.
 */
export function fateOf(lines: LinesOfIssue, newest: () => string, { implicitDeletes }: DeletionRules = {}): Fate {
  const { base, ours, theirs } = lines;
  const stones = [ours, theirs].flatMap((line) => (line?.isTombstone === true ? line : []));
  const living = [ours, theirs].flatMap((line) => (line?.isTombstone === false ? line : []));
  const fresh = stones.filter(({ text }) => text !== base?.text);
  const [live] = living;
  if (live === undefined) return { seen: NOTHING, ...lastStone(stones, fresh) };
  const beating = fresh.filter((stone) => !isExpired(stone, newest()));
  if (beating.length > 0) return { seen: dying(lines, live), ...lastStone(beating, beating) };
  if (ours?.isTombstone === false && theirs?.isTombstone === false) return { seen: lines };
  if (implicitDeletes === true && stones.length === 0 && base?.isTombstone === false)
    return { seen: dying(lines, live) };
  // Nobody deleted it: an unchanged line goes where it is missing, anything else is there as if it were new.
  if (stones.length === 0 && live.text === base?.text) return { seen: NOTHING };
  return {
    seen: { base: undefined, ours: ours === live ? live : undefined, theirs: theirs === live ? live : undefined },
  };
}

/** Both sides had it and one has it no more, so that what hangs on it goes too. */
function dying({ base, ours, theirs }: LinesOfIssue, live: IssueLine): LinesOfIssue {
  const before = base === undefined || base.isTombstone ? live : base;
  return { base: before, ours: ours === live ? live : undefined, theirs: theirs === live ? live : undefined };
}

/** The later tombstone; none where one side took out the line that both had. */
function lastStone(stones: readonly IssueLine[], fresh: readonly IssueLine[]): { tombstone?: IssueLine } {
  const kept = stones.length === 2 || fresh.length > 0 ? (fresh.length > 0 ? fresh : stones) : [];
  const [tombstone] = kept.toSorted(
    (a, b) =>
      compareTexts(timeIn(b.members, "deleted_at"), timeIn(a.members, "deleted_at")) || compareTexts(b.text, a.text),
  );
  return tombstone === undefined ? {} : { tombstone };
}

/** One without a readable time never expires. */
function isExpired({ members }: IssueLine, newest: string): boolean {
  const [deleted, now] = [timeIn(members, "deleted_at"), newest].map((time) => Date.parse(`${time}Z`));
  return deleted !== undefined && now !== undefined && now - deleted > LIFETIME_MS;
}
