import { compareTexts, type Row } from "../merge/cell.ts";
import { knownIssues } from "../merge/known-issues.ts";
import { keptComments } from "../merge/lost-texts.ts";
import { mergeRow } from "../merge/merge-row.ts";
import { type AlignedRow, type Alignment, alignSnapshots, mergedRows } from "../merge/merge-snapshots.ts";
import type { Version } from "../merge/same-issue.ts";
import { keyText, type Snapshot, textOf } from "../merge/snapshot.ts";
import type { IssueLine } from "./file-line.ts";
import { type DeletionRules, type Fate, fateOf } from "./issue-fate.ts";
import { creationsOf, type Lines3 } from "./line-births.ts";
import { LINE_KEYS, linesAsTables, partRows, rowsAsLine } from "./line-rows.ts";
import type { IdentifiedLine } from "./sort-out-lines.ts";

/**
 * Merges the lines of issues by the rules of `core/merge`, ids included. Each version has at most one line of an id.
 * `newest` is the newest time of the files, asked for only where a tombstone meets a change.
 */
export function mergeIssueLines(lines: Lines3, newest: () => string, rules: DeletionRules = {}): IdentifiedLine[] {
  const byId = indexed(lines);
  const { issues } = knownIssues(tablesOf(lines));
  const fates = issues.map((issue) => fateOf(linesIn(byId, issue.in), newest, rules));
  const alignment = alignSnapshots(tablesOf(seenLines(fates)), LINE_KEYS);
  const living = livingLines(alignment, byId);
  const taken = new Set(living.map(({ id }) => id));
  const deleted = fates.flatMap(({ tombstone }) => tombstone ?? []).filter(({ id }) => !taken.has(id));
  // Two issues had one id and both are gone: a line for the id is enough.
  const lastOf = new Map(deleted.toSorted((a, b) => compareTexts(a.text, b.text)).map(({ id, text }) => [id, text]));
  return [...living, ...[...lastOf].map(([id, text]) => ({ id, text }))];
}

type LinesById = Readonly<Record<Version, ReadonlyMap<string, IssueLine>>>;

function indexed({ base, ours, theirs }: Lines3): LinesById {
  const byId = (lines: readonly IssueLine[]) => new Map(lines.map((line) => [line.id, line]));
  return { base: byId(base), ours: byId(ours), theirs: byId(theirs) };
}

function linesIn(byId: LinesById, appearances: Partial<Record<Version, { readonly id: string }>>) {
  const at = (version: Version) => byId[version].get(appearances[version]?.id ?? "");
  return { base: at("base"), ours: at("ours"), theirs: at("theirs") };
}

function tablesOf(lines: Lines3): Record<Version, Snapshot> {
  const creations = creationsOf(lines);
  const tables = (version: Version) => linesAsTables(lines[version], creations[version]);
  return { base: tables("base"), ours: tables("ours"), theirs: tables("theirs") };
}

function seenLines(fates: readonly Fate[]): Lines3 {
  const seen = (version: Version) => fates.flatMap(({ seen: lines }) => lines[version] ?? []);
  return { base: seen("base"), ours: seen("ours"), theirs: seen("theirs") };
}

function livingLines(alignment: Alignment, byId: LinesById): IdentifiedLine[] {
  const comments: Row[] = [];
  const merged = mergedRows(alignment, LINE_KEYS, (aligned, sides) => {
    const dates = { ours: datesOf(aligned, "ours", byId), theirs: datesOf(aligned, "theirs", byId) };
    const { row, lost } = mergeRow(aligned.table, { base: aligned.base, ...sides, dates });
    const { issue } = aligned;
    if (issue === undefined) return row;
    for (const text of lost)
      comments.push(...keptComments({ issueId: issue.id, birth: issue.birth, ...text }).map(asRow));
    return row;
  });
  const tables = withComments(merged, comments);
  const parts = partRows(tables);
  return alignment.issues.flatMap((issue) => {
    const row = tables.get("issues")?.get(keyText([issue.id]));
    if (!issue.lives || row === undefined) return [];
    const sources = Object.values(linesIn(byId, issue.in)).flatMap((line) => line ?? []);
    return [
      {
        id: issue.id,
        text: asOneWroteIt(
          rowsAsLine(
            row,
            parts,
            sources.map(({ members }) => members),
          ),
          sources,
        ),
      },
    ];
  });
}

/** Of every cell of a line all that is known is when the line was last changed. */
function datesOf({ issue, ...rows }: AlignedRow, side: "ours" | "theirs", byId: LinesById): Record<string, string> {
  const line = byId[side].get(issue?.in[side]?.id ?? "");
  return Object.fromEntries(Object.keys(rows[side] ?? {}).map((column) => [column, line?.updatedAt ?? ""]));
}

function asRow(comment: object): Row {
  return { ...comment };
}

function withComments(tables: Snapshot, comments: readonly Row[]): Snapshot {
  const known = tables.get("comments");
  const added = comments.map((row) => [keyText([textOf(row, "id")]), row] as const);
  return new Map([...tables, ["comments", new Map([...added, ...(known ?? [])])]]);
}

/** The very bytes of a line that says the same. */
function asOneWroteIt(text: string, sources: readonly IssueLine[]): string {
  const [same] = sources
    .filter((line) => text === normalForm(line))
    .map((line) => line.text)
    .toSorted(compareTexts);
  return same ?? text;
}

function normalForm(line: IssueLine): string {
  const tables = linesAsTables([line]);
  const row = tables.get("issues")?.get(keyText([line.id])) ?? {};
  const parts = partRows(tables);
  return rowsAsLine(row, parts, [line.members]);
}
