import { type LineIssue, parseLine } from "../jsonl/parse-line.ts";
import { type IssueLine, readFileLine } from "../jsonl-merge/file-line.ts";
import type { IssueFile, UnreadableLine } from "./issue-file.ts";

/** What a file says that no version of it has said before. */
export interface FileNews {
  readonly living: readonly NewsLine[];
  readonly tombstones: readonly IssueLine[];
  /** Lines that can't be taken in, each with what is wrong with it. */
  readonly bad: readonly UnreadableLine[];
}

export interface NewsLine extends LineIssue {
  /** The id that the file gives it. */
  readonly lineId: string;
}

/** The lines that stand in none of the versions of the file that we have seen. Wisps are nobody else's. */
export function newsIn(file: IssueFile, seen: readonly IssueFile[]): FileNews {
  const living: NewsLine[] = [];
  const tombstones: IssueLine[] = [];
  const bad: UnreadableLine[] = [...file.unreadable];
  for (const [id, text] of file.issues) {
    if (seen.some(({ issues }) => issues.get(id) === text)) continue;
    const line = parseLine(text);
    if (line.kind === "issue") {
      const { ephemeral, no_history: noHistory } = line.issue.fields;
      if (ephemeral !== true && noHistory !== true) living.push({ ...line.issue, lineId: id });
    } else if (line.kind === "bad") bad.push({ text, reason: `${id}: ${line.reason}` });
    else if (line.kind === "tombstone") {
      const stone = readFileLine(text);
      if (stone.kind === "issue") tombstones.push(stone);
    }
  }
  return { living, tombstones, bad };
}

/** The ids of the issues that a file has, without those that it says are deleted. */
export function livingIds({ issues }: IssueFile): string[] {
  return [...issues].filter(([, text]) => !isTombstoneText(text)).map(([id]) => id);
}

export function isTombstoneText(text: string): boolean {
  // Nearly no line has the word at all, and reading one costs more than all the rest.
  if (!text.includes('"tombstone"')) return false;
  const line = readFileLine(text);
  return line.kind === "issue" && line.isTombstone;
}
