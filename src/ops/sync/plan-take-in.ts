import type { StoredIssue } from "../../core/jsonl/compare-issue.ts";
import { idsToLookUp, type MovedLine, matchLines, renamed, type StoredBirth } from "../../core/jsonl/match-lines.ts";
import type { DeletionRules } from "../../core/jsonl-merge/issue-fate.ts";
import { type FileNews, livingIds, type NewsLine } from "../../core/jsonl-sync/file-news.ts";
import { followedIds } from "../../core/jsonl-sync/followed-ids.ts";
import type { IssueFile } from "../../core/jsonl-sync/issue-file.ts";
import { wholeIssue } from "../../core/jsonl-sync/plain-issue.ts";
import { commentName, edgeName, partNames, type TakenIn, takeIn } from "../../core/jsonl-sync/take-in.ts";
import { bornAs, deletedParts, goneIssues, restoredAt } from "../../store/changes/gone-issues.ts";
import { commitsAfter, issueVersions } from "../../store/changes/issue-versions.ts";
import { birthsOf, keptIssues } from "../../store/queries/import-facts.ts";
import type { Query } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import type { Origin } from "../../sync/seen-versions.ts";

/** A file that is to be taken in, and what is known of it. */
export interface Incoming {
  readonly file: IssueFile;
  readonly news: FileNews;
  readonly origin: Origin;
  readonly rules: DeletionRules;
  /** The commit of the tracker up to which both know of each other. */
  readonly since: string | undefined;
  /** Wire time, for lines that name none. */
  readonly at: string;
}

export interface TakeInPlan {
  readonly taken: TakenIn;
  /** Issues to which the file gives other ids: the tracker's, and the new one. */
  readonly renames: ReadonlyMap<string, string>;
  /** Lines whose id another issue has here. */
  readonly moved: readonly MovedLine[];
  /** Issues that the file has lost or deletes, of so many that it had. */
  readonly lost: { readonly ids: readonly string[]; readonly of: number };
}

export const NOTHING_TAKEN: TakenIn = { changed: [], deleted: [], older: [], untold: [], beaten: [] };

/**
 * What the tracker takes from a file. It only reads: two round trips, one more for strangers, and two for issues that were
 * changed here.
 */
export async function planTakeIn(reader: Reader, incoming: Incoming): Promise<TakeInPlan> {
  const { file, news, origin, rules, since, at } = incoming;
  const told = livingIds(origin.before ?? file);
  const missing = told.filter((id) => !file.issues.has(id));
  const stones = news.tombstones.map(({ id }) => id);
  const asked = new Set([...news.living.flatMap(idsToLookUp), ...stones, ...missing]);
  const [births, commits] = await reader.all([
    birthsOf([...asked]),
    since === undefined ? NO_COMMITS : commitsAfter(since),
  ]);
  const strangers = news.living.flatMap(({ fields: { id, created_by: by, created_at: made } }) => {
    const birth = by === undefined || made === undefined ? undefined : { id, created_by: by, created_at: made };
    return birth === undefined || isBirthOf(births.get(id), birth) ? [] : [birth];
  });
  const [born] = strangers.length === 0 ? [[]] : await reader.all([bornAs(strangers)]);
  const { renames, kept: keptIds } = followedIds(news.living, {
    file,
    seen: origin.seen,
    isForward: origin.isForward,
    before: origin.before,
    born,
  });
  // Until an issue has its new id, what the file says of it is compared with it as it is.
  const ways = new Map([...keptIds, ...[...renames].map(([from, to]) => [to, from] as const)]);
  for (const birth of born) births.set(birth.id, birth);
  const { lines, moved } = matchLines(withIds(news.living, ways), births);
  const ids = [...new Set([...lines.map(({ fields }) => fields.id), ...stones])];
  const takenOut = rules.implicitDeletes === true ? missing.filter((id) => !renames.has(id)) : [];
  const there = [...ids, ...takenOut].filter((id) => births.has(id));
  const absent = ids.filter((id) => !births.has(id));
  const [kept, gone, restored] = await reader.all([keptIssues(there), goneIssues(absent), restoredAt(stones)]);
  // Wisps are of one machine, whatever a file says of their ids.
  const here = new Map([...kept].filter(([, { family }]) => family === "issues"));
  const living = lines.filter(({ fields }) => here.has(fields.id) || !kept.has(fields.id));
  const { isForward, seen, bases } = origin;
  const strange = isForward
    ? NO_PARTS
    : strangeParts(
        living.map((line) => wholeIssue(line, here.get(line.fields.id), at)),
        here,
      );
  const [goneParts] = await reader.all([deletedParts(strange)]);
  const had = since === undefined ? new Map() : await issueVersions(reader, [...here.keys()], { since, commits });
  const ground = { isForward, seen, bases, had, before: origin.before, takenOut, here, gone, restored, goneParts, at };
  const taken = takeIn({ living, tombstones: news.tombstones }, ground);
  const deletedIds = taken.deleted.map(({ id }) => id);
  const lost = [...new Set([...missing.filter((id) => births.has(id) && !renames.has(id)), ...deletedIds])];
  return { taken, renames, moved, lost: { ids: lost, of: Math.max(told.length, lost.length) } };
}

const NO_COMMITS: Query<string[]> = { statements: [], decode: () => [] };

type Parts = Pick<StoredIssue, "comments" | "dependencies">;
const NO_PARTS: Parts = { comments: [], dependencies: [] };

/** Those of lines that the tracker does not have. */
function strangeParts(lines: readonly StoredIssue[], here: ReadonlyMap<string, StoredIssue>): Parts {
  const known = new Set([...here.values()].flatMap(partNames));
  return {
    comments: lines.flatMap(({ comments }) => comments.filter((one) => !known.has(commentName(one)))),
    dependencies: lines.flatMap(({ dependencies }) => dependencies.filter((one) => !known.has(edgeName(one)))),
  };
}

function isBirthOf(known: StoredBirth | undefined, birth: StoredBirth): boolean {
  return known?.created_by === birth.created_by && known.created_at === birth.created_at;
}

function withIds(lines: readonly NewsLine[], ids: ReadonlyMap<string, string>): readonly NewsLine[] {
  return ids.size === 0 ? lines : lines.map((line) => renamed(line, ids.get(line.fields.id) ?? line.fields.id, ids));
}
