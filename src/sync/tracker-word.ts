import type { StoredIssue } from "../core/jsonl/compare-issue.ts";
import { readFileLine } from "../core/jsonl-merge/file-line.ts";
import { missingHere, type TrackerWord } from "../core/jsonl-sync/calm-file.ts";
import { isTombstoneText } from "../core/jsonl-sync/file-news.ts";
import type { IssueFile } from "../core/jsonl-sync/issue-file.ts";
import { isAbout } from "../core/jsonl-sync/take-in.ts";
import { goneIssues } from "../store/changes/gone-issues.ts";
import { changedIssueIds, issueIdsAt } from "../store/changes/issue-ids.ts";
import { deletedOnce } from "../store/changes/issue-versions.ts";
import { keptIn } from "../store/queries/import-facts.ts";
import { issueTablesAt } from "../store/queries/tables.ts";
import type { Reader } from "../store/session-types.ts";

const ISSUES_PER_PACKET = 1000;

/** What a file is to be compared with. */
export interface Comparison {
  readonly file: IssueFile;
  /** The commit whose state the file is to show; what nobody has committed is no news. */
  readonly commit: string;
  /** The commit that the file shows but for `ids`; undefined where everything is to be compared. */
  readonly since: string | undefined;
  readonly ids: ReadonlySet<string>;
}

/** What the tracker says of the issues whose lines may differ from it. */
export async function trackerWord(reader: Reader, { file, commit, since, ids }: Comparison): Promise<TrackerWord> {
  const [changed] = await reader.all([since === undefined ? issueIdsAt(commit) : changedIssueIds(since, commit)]);
  const wanted = [...new Set([...changed, ...ids, ...(since === undefined ? file.issues.keys() : [])])];
  const living = new Map<string, StoredIssue>();
  for (let start = 0; start < wanted.length; start += ISSUES_PER_PACKET) {
    const page = wanted.slice(start, start + ISSUES_PER_PACKET);
    const [found] = await reader.all([keptIn(issueTablesAt(commit), page)]);
    for (const stored of found) living.set(stored.issue.id, stored);
  }
  for (const id of await unawareOf(reader, file, living)) living.delete(id);
  const missing = missingHere(file, wanted, { living });
  const [gone] = await reader.all([goneIssues(missing)]);
  return { living, gone };
}

/**
 * The issues of which the file says that they are deleted, and that were never deleted here: they came by another way, from
 * somebody who had not heard of it. One that was deleted here and is there again was brought back.
 */
async function unawareOf(
  reader: Reader,
  { issues }: IssueFile,
  living: ReadonlyMap<string, StoredIssue>,
): Promise<string[]> {
  const told = [...living].flatMap(([id, stored]) => {
    const line = issues.get(id) ?? "";
    const stone = isTombstoneText(line) ? readFileLine(line) : undefined;
    return stone?.kind === "issue" && isAbout(stone, stored) ? [id] : [];
  });
  if (told.length === 0) return [];
  const [deleted] = await reader.all([deletedOnce(told)]);
  return told.filter((id) => !deleted.includes(id));
}
