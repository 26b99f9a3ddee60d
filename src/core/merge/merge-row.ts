import { compareTexts, otherSide, type Row, type Side, sameCell } from "./cell.ts";
import { type LostText, lostTexts } from "./lost-texts.ts";
import { jsonMembers, listEntries, type Parts, printEntries, printMembers, uniteParts } from "./merge-parts.ts";
import { type MergeRule, ruleOf } from "./merge-rules.ts";
import {
  changedAt,
  columnGroup,
  isEdited,
  largerSide,
  laterSide,
  mergeGroup,
  type Outcome,
  type RowContest,
  type Settled,
  uncontested,
  type Verdict,
} from "./row-contest.ts";

export interface MergedRow {
  readonly row: Row;
  /** What both sides had changed differently. */
  readonly settled: readonly Settled[];
  /** Texts of people that did not make it into the row; see `keptComments`. */
  readonly lost: readonly LostText[];
}

/** Merges two versions of a row of that table, cell by cell, by the rules of `merge-rules.ts`. */
export function mergeRow(table: string, contest: RowContest): MergedRow {
  const columns = [...new Set([...Object.keys(contest.ours), ...Object.keys(contest.theirs)])];
  const single = columns.filter((column) => columnGroup(ruleOf(table, column)) === undefined);
  const groups = new Set(columns.flatMap((column) => columnGroup(ruleOf(table, column)) ?? []));
  const outcomes = [
    ...single.map((column) => mergeCell(table, contest, column)),
    ...[...groups].map((group) => mergeGroup(contest, group)),
  ];
  const merged = new Map(outcomes.flatMap(({ values }) => Object.entries(values)));
  const row = Object.fromEntries(columns.map((column) => [column, merged.get(column)]));
  return { row, settled: outcomes.flatMap(({ settled }) => settled), lost: lostTexts(table, contest, row) };
}

/**
 * What one version of a row says otherwise than another: columns, and of those that unite key by key also
 * `<column>.<key>`. These are the names by which a merge asks for dates.
 */
export function changedCells(table: string, before: Row | undefined, after: Row): string[] {
  return Object.keys(after).flatMap((column) => {
    if (before !== undefined && sameCell(before[column], after[column])) return [];
    if (ruleOf(table, column) !== "keys") return [column];
    const [old, now] = [jsonMembers(before?.[column]) ?? NO_PARTS, jsonMembers(after[column]) ?? NO_PARTS];
    const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
    return [column, ...keys.map((key) => `${column}.${key}`)];
  });
}

const NO_PARTS: Parts = new Map();

/** Columns that decide over others: changing different ones of them is a contest, too. */
const DECIDING = ["status", "closed_at", "compaction_level", "compacted_at"];

/** Whether the dates of changes may decide anything. */
export function isContested(table: string, { base, ours, theirs }: Partial<RowContest>): boolean {
  if (ours === undefined || theirs === undefined) return false;
  const contest = { base, ours, theirs };
  const moves = (side: Side) => table === "issues" && DECIDING.some((column) => isEdited(contest, side, column));
  if (moves("ours") && moves("theirs")) return true;
  return Object.keys(ours).some(
    (column) => isDated(ruleOf(table, column)) && uncontested(contest, column) === undefined,
  );
}

function isDated(rule: MergeRule): boolean {
  return rule !== "max" && rule !== "min";
}

function mergeCell(table: string, contest: RowContest, column: string): Outcome {
  const side = uncontested(contest, column);
  if (side !== undefined) return { values: { [column]: contest[side][column] }, settled: [] };
  const rule = ruleOf(table, column);
  if (rule === "max") return taken(contest, column, { winner: largerSide(contest, [column]), why: "maximum" });
  if (rule === "min")
    return taken(contest, column, { winner: otherSide(largerSide(contest, [column])), why: "minimum" });
  let united: Outcome | undefined;
  if (rule === "keys") united = mergeObjects(contest, column);
  if (rule === "setting") united = mergeList(contest, column);
  return united ?? taken(contest, column, laterSide(contest, [column]));
}

function taken(contest: RowContest, column: string, verdict: Verdict): Outcome {
  return { values: { [column]: contest[verdict.winner][column] }, settled: [{ field: column, ...verdict }] };
}

/** Undefined where one of the values is no JSON object. */
function mergeObjects(contest: RowContest, column: string): Outcome | undefined {
  const [ours, theirs] = [jsonMembers(contest.ours[column]), jsonMembers(contest.theirs[column])];
  if (ours === undefined || theirs === undefined) return undefined;
  const base = jsonMembers(contest.base?.[column]) ?? new Map<string, string>();
  return mergeParts(contest, column, { base, ours, theirs, print: printMembers });
}

const LIST_SETTINGS: ReadonlySet<unknown> = new Set([
  "status.custom",
  "types.custom",
  "types.infra",
  "allowed_prefixes",
]);

/** Undefined for a setting that is no list. */
function mergeList(contest: RowContest, column: string): Outcome | undefined {
  if (!LIST_SETTINGS.has(contest.ours["key"])) return undefined;
  return mergeParts(contest, column, {
    base: listEntries(contest.base?.[column]),
    ours: listEntries(contest.ours[column]),
    theirs: listEntries(contest.theirs[column]),
    print: printEntries,
  });
}

interface CellParts {
  readonly base: Parts;
  readonly ours: Parts;
  readonly theirs: Parts;
  readonly print: (parts: Parts) => string;
}

function mergeParts(contest: RowContest, column: string, { print, ...parts }: CellParts): Outcome {
  const settled: Settled[] = [{ field: column, winner: "both", why: "united" }];
  const pick = (key: string, ours: string, theirs: string): Side => {
    const field = `${column}.${key}`;
    const dated = changedAt(contest, "ours", [field]) !== "" && changedAt(contest, "theirs", [field]) !== "";
    const verdict = laterSide(contest, [column], dated ? [field] : [column]);
    const larger: Side = compareTexts(ours, theirs) > 0 ? "ours" : "theirs";
    const winner = verdict.why === "larger" ? larger : verdict.winner;
    settled.push({ field, winner, why: verdict.why, parts: { ours, theirs } });
    return winner;
  };
  return { values: { [column]: print(uniteParts({ ...parts, pick })) }, settled };
}
