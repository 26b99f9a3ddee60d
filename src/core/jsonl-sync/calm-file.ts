import type { StoredIssue } from "../jsonl/compare-issue.ts";
import { parseLine } from "../jsonl/parse-line.ts";
import { isTombstoneText } from "./file-news.ts";
import type { IssueFile } from "./issue-file.ts";
import { issueMeaning, issueText, wholeIssue } from "./plain-issue.ts";
import { type DeletedIssue, tombstoneText } from "./tombstone.ts";
import { withUnknownFields } from "./unknown-fields.ts";

/** What the tracker says of issues. */
export interface TrackerWord {
  readonly living: ReadonlyMap<string, StoredIssue>;
  /** Issues that are not there under that id, and the id that they have now where they were not deleted. */
  readonly gone: ReadonlyMap<string, DeletedIssue & { readonly movedTo?: string }>;
}

/** The ids whose lines the tracker's word may change where it has no issue of that id: those that the file says live. */
export function missingHere({ issues }: IssueFile, ids: Iterable<string>, { living }: Pick<TrackerWord, "living">) {
  return [...ids].filter((id) => {
    const line = issues.get(id);
    return line !== undefined && !living.has(id) && !isTombstoneText(line);
  });
}

/**
 * The lines of a file with what the tracker says: a line that says the same keeps its bytes, one of an issue that was
 * deleted becomes a tombstone, one of an issue that has another id goes, and one that the tracker knows nothing of stays.
 * Gives the new lines alone, without a text for those that go.
 */
export function newLines({ issues }: IssueFile, { living, gone }: TrackerWord): Map<string, string | undefined> {
  const written = new Map<string, string | undefined>();
  for (const [id, stored] of living) {
    const text = issues.get(id);
    const plain = issueText(stored);
    if (text === plain || (text !== undefined && saysTheSame(text, stored))) continue;
    written.set(id, text === undefined ? plain : withUnknownFields(stored, text));
  }
  for (const [id, deleted] of gone) {
    const text = issues.get(id);
    if (text === undefined || isTombstoneText(text)) continue;
    written.set(id, deleted.movedTo === undefined ? tombstoneText(deleted) : undefined);
  }
  return written;
}

function saysTheSame(text: string, stored: StoredIssue): boolean {
  const line = parseLine(text);
  if (line.kind !== "issue") return false;
  return issueMeaning(wholeIssue(line.issue, stored, stored.issue.updated_at)) === issueMeaning(stored);
}
