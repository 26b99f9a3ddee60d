import { compareTexts } from "../merge/cell.ts";
import { VERSIONS, type Version } from "../merge/same-issue.ts";
import { type FileLine, quickId, readFileLine } from "./file-line.ts";

export type Files3 = Readonly<Record<Version, string>>;

/** A line and the issue that it is about. */
export interface IdentifiedLine {
  readonly id: string;
  readonly text: string;
}

export interface SortedOut {
  /** Lines that need no rules: both sides have them alike, or one side alone touched them. */
  readonly settled: readonly IdentifiedLine[];
  readonly open: Readonly<Record<Version, readonly FileLine[]>>;
}

/**
 * Tells lines that need no merge from those that do, and reads only those. What one side alone touched is taken whole,
 * unless ids may move or an issue may be deleted in this merge: then other lines may have to follow.
 */
export function sortOutLines(files: Files3): SortedOut {
  const lines = { base: linesById(files.base), ours: linesById(files.ours), theirs: linesById(files.theirs) };
  const settled: IdentifiedLine[] = [];
  const groups: Group[] = [];
  for (const { id, texts } of groupsOf(lines)) {
    const [text] = texts.ours;
    const isAgreed = text === texts.theirs[0] && texts.ours.length === 1 && texts.theirs.length === 1;
    if (isAgreed && text !== undefined) settled.push({ id, text });
    else groups.push(readGroup({ id, texts }));
  }
  const open = { base: lines.base.others, ours: lines.ours.others, theirs: lines.theirs.others };
  const isPlain = groups.every(isEdited);
  for (const group of groups) {
    const text = isPlain ? touchedAlone(group) : undefined;
    if (text !== undefined) settled.push({ id: group.id, text });
    else for (const version of VERSIONS) open[version].push(...group.lines[version]);
  }
  return { settled, open };
}

interface LinesById {
  /** Sorted by id, then text; none is there twice. */
  readonly issues: readonly IdentifiedLine[];
  readonly others: FileLine[];
}

function linesById(text: string): LinesById {
  const issues: IdentifiedLine[] = [];
  const others: FileLine[] = [];
  let last: IdentifiedLine = { id: "", text: "" };
  let isSorted = true;
  for (const line of linesOf(text)) {
    const id = quickId(line);
    const read = id === undefined ? readFileLine(line) : { kind: "issue" as const, id, text: line };
    if (read.kind !== "issue") {
      others.push(read);
      continue;
    }
    isSorted &&= last.id < read.id;
    last = { id: read.id, text: line };
    issues.push(last);
  }
  return { issues: isSorted ? issues : sortedOnce(issues), others };
}

function sortedOnce(lines: readonly IdentifiedLine[]): IdentifiedLine[] {
  const sorted = lines.toSorted((a, b) => compareTexts(a.id, b.id) || compareTexts(a.text, b.text));
  return sorted.filter(({ text }, n) => text !== sorted[n - 1]?.text);
}

export function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  return lines.filter((line) => line.trim() !== "");
}

/** What the versions say about one id. */
interface Texts {
  readonly id: string;
  readonly texts: Record<Version, string[]>;
}

interface Group {
  readonly id: string;
  readonly lines: Readonly<Record<Version, readonly FileLine[]>>;
}

function* groupsOf(lines: Readonly<Record<Version, LinesById>>): Generator<Texts, void, void> {
  const at = { base: 0, ours: 0, theirs: 0 };
  for (;;) {
    let id: string | undefined;
    for (const version of VERSIONS) {
      const next = lines[version].issues[at[version]]?.id;
      if (next !== undefined && (id === undefined || next < id)) id = next;
    }
    if (id === undefined) return;
    const texts: Texts["texts"] = { base: [], ours: [], theirs: [] };
    for (const version of VERSIONS) {
      const { issues } = lines[version];
      for (let line = issues[at[version]]; line?.id === id; line = issues[++at[version]])
        texts[version].push(line.text);
    }
    yield { id, texts };
  }
}

function readGroup({ id, texts }: Texts): Group {
  const read = new Map<string, FileLine>();
  const lineOf = (text: string): FileLine => {
    const line = read.get(text) ?? readFileLine(text);
    read.set(text, line);
    return line;
  };
  return {
    id,
    lines: { base: texts.base.map(lineOf), ours: texts.ours.map(lineOf), theirs: texts.theirs.map(lineOf) },
  };
}

/** The lines of one living issue that is everywhere, or was made on one side: it keeps its id, and is not deleted. */
function isEdited({ id, lines }: Group): boolean {
  const counts = VERSIONS.map((version) => lines[version].length).join("");
  const all = VERSIONS.flatMap((version) => lines[version]);
  const birth = birthOf(all[0], id);
  return /^(?:111|010|001)$/.test(counts) && birth !== "" && all.every((line) => birthOf(line, id) === birth);
}

const birthOf = (line: FileLine | undefined, id: string): string =>
  line?.kind === "issue" && line.id === id && !line.isTombstone ? line.birth : "";

function touchedAlone({ lines }: Group): string | undefined {
  const [base, ours, theirs] = [lines.base[0]?.text, lines.ours[0]?.text, lines.theirs[0]?.text];
  if (ours === base) return theirs;
  return theirs === base ? ours : undefined;
}
