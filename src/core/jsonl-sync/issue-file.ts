import { type IssueLine, quickId, readFileLine } from "../jsonl-merge/file-line.ts";
import { headersFirst, laterLine } from "../jsonl-merge/merge-files.ts";
import { linesOf } from "../jsonl-merge/sort-out-lines.ts";
import { compareTexts } from "../merge/cell.ts";

/** A file of issues, no more of it read than is needed to find the line of an issue. */
export interface IssueFile {
  /** By id. */
  readonly issues: ReadonlyMap<string, string>;
  /** Lines about anything else, and what nobody here knows. */
  readonly others: readonly string[];
  /** Lines that are no JSON, or about another issue than an earlier one with its id. */
  readonly unreadable: readonly UnreadableLine[];
  /** Issues have several lines, as after a union of texts; the latest counts. */
  readonly isDoubled: boolean;
}

export interface UnreadableLine {
  readonly text: string;
  readonly reason: string;
}

export const NO_FILE: IssueFile = { issues: new Map(), others: [], unreadable: [], isDoubled: false };

/** Throws nothing. */
export function readIssueFile(text: string): IssueFile {
  const issues = new Map<string, string>();
  const others: string[] = [];
  const unreadable: UnreadableLine[] = [];
  const lines = linesOf(text);
  for (const line of lines) {
    const id = quickId(line);
    if (id !== undefined && !issues.has(id)) issues.set(id, line);
    else takeLine(line, { issues, others, unreadable });
  }
  const isDoubled = issues.size + others.length + unreadable.length < lines.length;
  return { issues, others, unreadable, isDoubled };
}

interface Taken {
  readonly issues: Map<string, string>;
  readonly others: string[];
  readonly unreadable: UnreadableLine[];
}

function takeLine(text: string, { issues, others, unreadable }: Taken): void {
  const line = readFileLine(text);
  if (line.kind === "unreadable") unreadable.push({ text, reason: "it is not JSON" });
  else if (line.kind === "other" || isAboutSomethingElse(line)) others.push(text);
  else {
    const known = readFileLine(issues.get(line.id) ?? text);
    if (known.kind !== "issue") unreadable.push({ text: known.text, reason: "it is not JSON" });
    else if (known.birth !== line.birth) {
      return void unreadable.push({ text, reason: `another issue has the id ${line.id} further up` });
    }
    issues.set(line.id, known.kind === "issue" ? laterLine(known, line).text : text);
  }
}

function isAboutSomethingElse({ members }: IssueLine): boolean {
  return members.has("_type") && members.get("_type") !== '"issue"';
}

/** The file as a text, in the order that a merge of files gives it. */
export function printIssueFile({ issues, others }: Pick<IssueFile, "issues" | "others">): string {
  const [headers, rest] = headersFirst(others);
  const sorted = [...issues.keys()].toSorted(compareTexts).map((id) => issues.get(id) ?? "");
  const lines = [...headers, ...sorted, ...rest];
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
