import { compareTexts } from "../merge/cell.ts";
import { uniteParts } from "../merge/merge-parts.ts";
import { type FileLine, type IssueLine, sortableTime } from "./file-line.ts";
import type { DeletionRules } from "./issue-fate.ts";
import { mergeIssueLines } from "./merge-issue-lines.ts";
import { type Files3, type IdentifiedLine, sortOutLines } from "./sort-out-lines.ts";

export interface MergedFile {
  readonly text: string;
  /** Lines that stand between conflict markers, because they could not be read. */
  readonly unreadable: number;
}

/**
 * Merges three versions of a file with an issue a line. Pure, and the same for either order of the sides, but for the
 * order between conflict markers. The result is sorted by id; a line that nobody had to touch keeps its bytes.
 */
export function mergeFiles(files: Files3, markerSize: number, rules: DeletionRules = {}): MergedFile {
  if (files.ours === files.theirs || files.theirs === files.base) return { text: files.ours, unreadable: 0 };
  if (files.ours === files.base) return { text: files.theirs, unreadable: 0 };
  const { settled, open } = sortOutLines(files);
  const readable = { base: readLines(open.base), ours: readLines(open.ours), theirs: readLines(open.theirs) };
  const issues = mergeIssueLines(
    { base: readable.base.issues, ours: readable.ours.issues, theirs: readable.theirs.issues },
    () => newestTime(Object.values(files)),
    rules,
  );
  const others = uniteParts({
    base: readable.base.others,
    ours: readable.ours.others,
    theirs: readable.theirs.others,
    pick: (_key, ours, theirs) => (ours > theirs ? "ours" : "theirs"),
  });
  const [headers, rest] = headersFirst([...others.values()]);
  const lines = [...headers, ...inOrder([...settled, ...issues]), ...rest];
  const [ours, theirs] = [readable.ours.unreadable, readable.theirs.unreadable];
  const conflict = ours.length + theirs.length === 0 ? [] : betweenMarkers(ours, theirs, markerSize);
  const text = [...lines, ...conflict].map((line) => `${line}\n`).join("");
  return { text, unreadable: ours.length + theirs.length };
}

interface ReadLines {
  readonly issues: readonly IssueLine[];
  /** Lines about anything else, by what they are about. */
  readonly others: ReadonlyMap<string, string>;
  readonly unreadable: readonly string[];
}

function readLines(lines: readonly FileLine[]): ReadLines {
  const issues = new Map<string, IssueLine>();
  const others = new Map<string, string>();
  const unreadable: string[] = [];
  for (const line of lines) {
    if (line.kind === "unreadable") unreadable.push(line.text);
    else if (line.kind === "other") others.set(line.key, line.text);
    else {
      const known = issues.get(line.id);
      // Programs that join files line by line double them; two issues of one id in one file are for people to tell apart.
      if (known === undefined || known.birth === line.birth) issues.set(line.id, laterLine(known, line));
      else unreadable.push(line.text);
    }
  }
  return { issues: [...issues.values()], others, unreadable };
}

export function laterLine(one: IssueLine | undefined, other: IssueLine): IssueLine {
  if (one === undefined) return other;
  return (compareTexts(one.updatedAt, other.updatedAt) || compareTexts(one.text, other.text)) > 0 ? one : other;
}

const TIME = /"(?:updated|deleted)_at":"([^"\\]{20,40})"/g;

/** The newest time of a change or a deletion that the texts name, in the form of `sortableTime`. */
export function newestTime(texts: Iterable<string>): string {
  let newest = "";
  for (const text of texts) {
    for (const [, time = ""] of text.matchAll(TIME)) {
      const at = sortableTime(time);
      if (at !== time && at > newest) newest = at;
    }
  }
  return newest;
}

/** The line that says what file this is stands before the issues, whatever else there is behind them. */
export function headersFirst(others: readonly string[]): [string[], string[]] {
  const { headers = [], rest = [] } = Object.groupBy(others.toSorted(compareTexts), (text) =>
    text.startsWith('{"_schema"') ? "headers" : "rest",
  );
  return [headers, rest];
}

function inOrder(lines: readonly IdentifiedLine[]): string[] {
  return lines.toSorted((a, b) => compareTexts(a.id, b.id) || compareTexts(a.text, b.text)).map(({ text }) => text);
}

function betweenMarkers(ours: readonly string[], theirs: readonly string[], size: number): string[] {
  return [`${"<".repeat(size)} ours`, ...ours, "=".repeat(size), ...theirs, `${">".repeat(size)} theirs`];
}
