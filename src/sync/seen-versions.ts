import { type IssueFile, readIssueFile } from "../core/jsonl-sync/issue-file.ts";
import type { GitPlace } from "./git-place.ts";
import type { SyncFile } from "./sync-file.ts";
import type { SyncState } from "./sync-state.ts";

/** Where the file comes from, as far as it can be told. */
export interface Origin {
  /** It is a version that we have seen, or an ancestor of one: it says nothing new. */
  readonly isOld: boolean;
  /** It is what is committed, and that goes on from a commit that was taken in. */
  readonly isForward: boolean;
  /** The newest version in its history that we have seen, of a file which goes forward. */
  readonly before: IssueFile | undefined;
  /** Versions that we have seen and that git still has, the newest first. */
  readonly seen: readonly IssueFile[];
  /**
   * Those that tell what the file has changed. Where it goes on from the last version of ours, that one alone: what an
   * earlier one said may be said anew, as by somebody who reopens an issue.
   */
  readonly bases: readonly IssueFile[];
  /** The version that we have written or taken in last, where git has it. */
  readonly last: IssueFile | undefined;
  /** The commits that are taken in with this file. */
  readonly tips: readonly string[];
}

const UNKNOWN_ORIGIN: Origin = {
  isOld: false,
  isForward: false,
  before: undefined,
  seen: [],
  bases: [],
  last: undefined,
  tips: [],
};

/** So many versions are read: they say the same nearly everywhere. */
const MOST_READ = 6;

/** Looks the file up in the history of git. */
export async function originOf(
  file: SyncFile,
  state: SyncState | undefined,
  place: GitPlace | undefined,
): Promise<Origin> {
  if (place === undefined) return { ...UNKNOWN_ORIGIN, isOld: state?.seen.includes(file.blob) ?? false };
  const { head, headBlob } = place;
  const isCommitted = head !== undefined && headBlob === file.blob;
  if (state === undefined) return { ...UNKNOWN_ORIGIN, tips: isCommitted ? [head] : [] };
  const known = await place.known([...state.tips, ...state.seen]);
  const tips = state.tips.filter((tip) => known.has(tip));
  const behind = new Set<string>();
  const around: string[] = [];
  let isBehind = false;
  for (const tip of head === undefined ? [] : tips) {
    if (await place.isAncestor(tip, head ?? "")) behind.add(tip);
    else {
      const common = await place.commonAncestor(tip, head ?? "");
      if (common === head) isBehind = true;
      else if (common !== undefined) around.push(common);
    }
  }
  const goesStraight = isCommitted && (state.tips.length === 0 || behind.has(state.tips[0] ?? ""));
  const began = goesStraight ? await straightFrom(state, place, head) : undefined;
  if (began !== undefined && head !== undefined) {
    const version = readIssueFile(began);
    const last = known.has(state.blob) ? fileOf(await place.textOf(state.blob)) : undefined;
    return {
      isOld: false,
      isForward: true,
      before: version,
      seen: [version],
      bases: [version],
      last,
      tips: [head, ...tips.filter((tip) => !behind.has(tip))],
    };
  }
  const isOld = state.seen.includes(file.blob) || (await place.hadFile(file.blob, tips));
  const committed = await Promise.all([...tips, ...around].slice(0, MOST_READ).map((commit) => place.blobIn(commit)));
  const others = [...state.seen.filter((blob) => known.has(blob)), ...committed.flatMap((blob) => blob ?? [])];
  // The last of them are what the others went on from.
  const wanted = [...new Set([...others.slice(0, MOST_READ), ...committed.flatMap((blob) => blob ?? [])])];
  const texts = isOld ? [] : await Promise.all(wanted.map((blob) => place.textOf(blob)));
  const versions = isCommitted ? await place.versionsIn(head) : [];
  const hasLast = versions.includes(state.blob);
  // A rebase leaves our own commits behind, and goes on from where they began.
  const goesOn = isCommitted && (behind.size + around.length > 0 || hasLast);
  const ownSeen = new Set([...state.seen, ...committed]);
  const wentOnFrom = versions.find((blob) => ownSeen.has(blob));
  const [last, before] = await Promise.all([
    known.has(state.blob) ? place.textOf(state.blob) : undefined,
    goesOn && wentOnFrom !== undefined ? place.textOf(wentOnFrom) : undefined,
  ]);
  const seen = texts.flatMap((text) => fileOf(text) ?? []);
  const ends = hasLast ? [last] : [last, before];
  return {
    isOld,
    isForward: goesOn,
    before: fileOf(before),
    seen,
    bases: goesOn && last !== undefined ? ends.flatMap((text) => fileOf(text) ?? []) : seen,
    last: fileOf(last),
    tips: isCommitted && !isBehind ? [head, ...tips.filter((tip) => !behind.has(tip))] : tips,
  };
}

/**
 * The text from which a file went straight on: HEAD goes on from the commit that was taken in last, and from all that was
 * written since. Then each line that differs says what somebody has done, also one that an earlier version had; a label or a
 * comment that is taken away makes no line newer. Undefined where what was written is not in that history: it was
 * stashed, or a rebase has made something else of it.
 */
async function straightFrom(state: SyncState, place: GitPlace, head: string): Promise<string | undefined> {
  if (state.own === undefined) return undefined;
  const [[tip], [newest]] = [state.tips, state.own];
  if (newest === undefined || tip === head) {
    const blob = tip === undefined ? undefined : await place.blobIn(tip);
    return blob === undefined ? undefined : place.textOf(blob);
  }
  const since = await place.versionsIn(tip === undefined ? head : `${tip}..${head}`);
  return since.includes(newest) ? place.textOf(newest) : undefined;
}

const fileOf = (text: string | undefined): IssueFile | undefined =>
  text === undefined ? undefined : readIssueFile(text);
