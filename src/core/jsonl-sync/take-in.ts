import type { StoredIssue } from "../jsonl/compare-issue.ts";
import { isOneIssue } from "../jsonl/match-lines.ts";
import { type LineIssue, parseLine } from "../jsonl/parse-line.ts";
import { type IssueLine, readFileLine, sortableTime, textIn, timeIn } from "../jsonl-merge/file-line.ts";
import { newestTime } from "../jsonl-merge/merge-files.ts";
import { mergeIssueLines } from "../jsonl-merge/merge-issue-lines.ts";
import { type FileNews, isTombstoneText, type NewsLine } from "./file-news.ts";
import type { IssueFile } from "./issue-file.ts";
import { issueMeaning, issueText, wholeIssue } from "./plain-issue.ts";
import { baseOf, type KnownVersions } from "./seen-base.ts";
import type { DeletedIssue } from "./tombstone.ts";

/** What news come to. */
export interface Ground {
  /** The file goes on from a version that we have seen. Else it may be older than the tracker, and only what is newer counts. */
  readonly isForward: boolean;
  /** Versions of the file that we have seen, the newest first. */
  readonly seen: readonly IssueFile[];
  /** Those that tell what the file has changed, the newest first. */
  readonly bases: readonly IssueFile[];
  /** As the tracker had issues since the file showed them, by id, the newest first: that is no news, by whatever way it came. */
  readonly had: ReadonlyMap<string, readonly StoredIssue[]>;
  /** The version that a file which goes forward went on from, and the ids of what is missing since and so deleted. */
  readonly before: IssueFile | undefined;
  readonly takenOut: readonly string[];
  /** The issues of the tracker that the news are about, by id. */
  readonly here: ReadonlyMap<string, StoredIssue>;
  /** Issues that the tracker had, by id. */
  readonly gone: ReadonlyMap<string, Pick<DeletedIssue, "created_by" | "created_at">>;
  /** When issues that are there were last brought back after a deletion: wire times. */
  readonly restored: ReadonlyMap<string, string>;
  /** `partNames` of comments and dependencies that were taken away here. */
  readonly goneParts: ReadonlySet<string>;
  /** Wire time, for lines that name none. */
  readonly at: string;
}

/** What the tracker takes from a file. */
export interface TakenIn {
  readonly changed: readonly { readonly before: StoredIssue | undefined; readonly after: StoredIssue }[];
  /** Issues that a tombstone deletes; `changed` where the tracker had changed it meanwhile. */
  readonly deleted: readonly { readonly id: string; readonly wasChanged: boolean }[];
  /** Issues whose line is older than what the tracker has. */
  readonly older: readonly string[];
  /** Lines that say something else than the tracker, of the same second and without anything to compare them with. */
  readonly untold: readonly string[];
  /** Issues that were deleted here, and stay so. */
  readonly beaten: readonly string[];
}

interface Contest {
  readonly id: string;
  readonly base: StoredIssue | undefined;
  readonly ours: StoredIssue;
  readonly theirs: IssueLine;
}

/** Decides about each line that says something new, by the rules of merging. */
export function takeIn({ living, tombstones }: Omit<FileNews, "bad">, ground: Ground): TakenIn {
  const { here, gone, isForward, at } = ground;
  const changed: TakenIn["changed"][number][] = [];
  const contests: Contest[] = [];
  const [older, untold, beaten]: [string[], string[], string[]] = [[], [], []];
  for (const line of living) {
    const { id } = line.fields;
    const ours = here.get(id);
    const theirs = wholeIssue(line, ours, at);
    if (ours === undefined) {
      const deletion = gone.get(id);
      const isGone = deletion !== undefined && isOneIssue(line.fields, deletion);
      if (isGone && !isBroughtBack(line, ground)) beaten.push(id);
      else changed.push({ before: undefined, after: theirs });
      continue;
    }
    if (issueMeaning(ours) === issueMeaning(theirs)) continue;
    const [there, known] = [theirs.issue.updated_at, ours.issue.updated_at];
    const isNewer = there > known;
    const seen = seenVersions(line, ground);
    const base = beginningOf(theirs, {
      seen,
      bases: seenVersions(line, { ...ground, seen: ground.bases }),
      had: ground.had.get(id) ?? [],
      isNewer,
      isForward,
    });
    if (isForward || (base !== undefined && there >= known)) {
      contests.push({ id, base, ours, theirs: lineOf(theirs) });
    } else if (there > known) changed.push({ before: ours, after: united(ours, theirs, ground.goneParts) });
    else {
      // These make no issue newer. What we don't know of them would be gone with the next line that we write.
      const after = withNewParts(ours, theirs, { seen, gone: ground.goneParts });
      if (after !== ours) changed.push({ before: ours, after });
      (there < known ? older : untold).push(id);
    }
  }
  for (const stone of tombstones) {
    const ours = here.get(stone.id);
    if (ours === undefined || !isAbout(stone, ours)) continue;
    const restored = ground.restored.get(stone.id);
    if (restored !== undefined && sortableTime(restored) >= timeIn(stone.members, "deleted_at")) older.push(stone.id);
    else contests.push({ id: stone.id, base: seenVersions({ lineId: stone.id }, ground)[0], ours, theirs: stone });
  }
  const settled = settle(contests, at);
  const deleted = [...settled.deleted, ...deletedWithout(ground)];
  return { changed: [...changed, ...settled.changed], deleted, older, untold, beaten };
}

interface Beginnings extends KnownVersions {
  readonly bases: readonly StoredIssue[];
  readonly isForward: boolean;
}

/**
 * What a line began from. Only one that is newer says anew in its fields what an earlier version said, as by somebody who
 * reopens an issue. Parts that come and go make no line newer: those of a file which goes forward began from the last
 * versions, whatever earlier ones had.
 */
function beginningOf(line: StoredIssue, { seen, bases, had, isNewer, isForward }: Beginnings): StoredIssue | undefined {
  const from = (versions: readonly StoredIssue[]) => baseOf(line, { seen: versions, had, isNewer });
  const base = from(isNewer ? bases : seen) ?? (isForward ? from(had) : undefined);
  const parts = isForward ? from(bases) : undefined;
  return base === undefined || parts === undefined ? base : { ...parts, issue: base.issue };
}

/** Issues of which the file says by having no line any more that they are gone. */
function deletedWithout({ takenOut, before, here, at }: Ground): TakenIn["deleted"] {
  return takenOut.flatMap((id) => {
    const ours = here.get(id);
    const line = parseLine(before?.issues.get(id) ?? "");
    if (ours === undefined || line.kind !== "issue" || !isOneIssue(line.issue.fields, ours.issue)) return [];
    return [{ id, wasChanged: issueMeaning(wholeIssue(line.issue, ours, at)) !== issueMeaning(ours) }];
  });
}

/** Whoever wrote the line went on from a file that knew of the deletion. */
function isBroughtBack({ lineId }: NewsLine, { isForward, seen }: Ground): boolean {
  return isForward && seen.some(({ issues }) => isTombstoneText(issues.get(lineId) ?? ""));
}

/** The issue as the versions of the file had it that we have seen. */
function seenVersions(
  { lineId, fields }: { readonly lineId: string; readonly fields?: NewsLine["fields"] },
  { seen, here, at }: Ground,
): StoredIssue[] {
  const id = fields?.id ?? lineId;
  return seen.flatMap(({ issues }) => {
    const line = parseLine(issues.get(lineId) ?? "");
    if (line.kind !== "issue" || (fields !== undefined && !isOneIssue(line.issue.fields, fields))) return [];
    return [wholeIssue(underId(line.issue, id), here.get(id), at)];
  });
}

function underId(line: LineIssue, id: string): LineIssue {
  if (line.fields.id === id) return line;
  return {
    ...line,
    fields: { ...line.fields, id },
    dependencies: line.dependencies.map((edge) => ({ ...edge, issue_id: id })),
    comments: line.comments.map((comment) => ({ ...comment, issue_id: id })),
  };
}

/** Whether a line, such as a tombstone, is about that very issue and not about another one under its id. */
export function isAbout({ members }: IssueLine, { issue }: StoredIssue): boolean {
  return isOneIssue({ created_by: textIn(members, "created_by"), created_at: textIn(members, "created_at") }, issue);
}

/** A newer line of unknown origin: its fields, and the parts of both. */
function united(ours: StoredIssue, theirs: StoredIssue, gone: ReadonlySet<string>): StoredIssue {
  return {
    ...withNewParts(ours, theirs, { seen: [], gone }),
    issue: theirs.issue,
    labels: [...new Set([...theirs.labels, ...ours.labels])],
  };
}

/** With the comments and dependencies of a line that no version has had, and nobody took away. */
function withNewParts(
  ours: StoredIssue,
  line: StoredIssue,
  { seen, gone }: { readonly seen: readonly StoredIssue[]; readonly gone: ReadonlySet<string> },
): StoredIssue {
  const known = new Set([...gone, ...[ours, ...seen].flatMap(partNames)]);
  const comments = line.comments.filter((comment) => !known.has(commentName(comment)));
  const dependencies = line.dependencies.filter((edge) => !known.has(edgeName(edge)));
  if (comments.length + dependencies.length === 0) return ours;
  return {
    ...ours,
    comments: [...ours.comments, ...comments],
    dependencies: [...ours.dependencies, ...dependencies],
  };
}

export const commentName = ({ id }: { readonly id: string }): string => JSON.stringify(["comment", id]);

export const edgeName = (edge: { readonly issue_id: string; readonly depends_on_id: string }): string =>
  JSON.stringify(["dependency", edge.issue_id, edge.depends_on_id]);

export function partNames({ comments, dependencies }: StoredIssue): string[] {
  return [...comments.map(commentName), ...dependencies.map(edgeName)];
}

function settle(contests: readonly Contest[], at: string): Pick<TakenIn, "changed" | "deleted"> {
  if (contests.length === 0) return { changed: [], deleted: [] };
  const lines = {
    base: contests.flatMap(({ base }) => (base === undefined ? [] : [lineOf(base)])),
    ours: contests.map(({ ours }) => lineOf(ours)),
    theirs: contests.map(({ theirs }) => theirs),
  };
  const newest = () => newestTime([...lines.ours, ...lines.theirs].map(({ text }) => text));
  const merged = new Map(mergeIssueLines(lines, newest).map(({ id, text }) => [id, text]));
  const changed: TakenIn["changed"][number][] = [];
  const deleted: TakenIn["deleted"][number][] = [];
  for (const { id, base, ours, theirs } of contests) {
    const line = parseLine(merged.get(id) ?? "");
    if (line.kind !== "issue") {
      const wasChanged = base === undefined || issueMeaning(base) !== issueMeaning(ours);
      if (theirs.isTombstone) deleted.push({ id, wasChanged });
      continue;
    }
    const after = wholeIssue(line.issue, ours, at);
    if (issueMeaning(after) !== issueMeaning(ours)) changed.push({ before: ours, after });
  }
  return { changed, deleted };
}

function lineOf(issue: StoredIssue): IssueLine {
  const line = readFileLine(issueText(issue));
  if (line.kind !== "issue") throw new Error(`the line of ${issue.issue.id} is no line of an issue`);
  return line;
}
