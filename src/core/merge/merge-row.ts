import { compareTexts, type Row, type Side } from "./cell.ts";
import { type LostText, lostTexts } from "./lost-texts.ts";
import { largerSide, laterSide, type RowContest, type Settled, uncontested, type Verdict } from "./merge-cell.ts";
import { columnGroup, mergeGroup, type Outcome } from "./merge-group.ts";
import { jsonMembers, listEntries, type Parts, printEntries, printMembers, uniteParts } from "./merge-keys.ts";
import { ruleOf } from "./merge-rules.ts";

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

function mergeCell(table: string, contest: RowContest, column: string): Outcome {
  const side = uncontested(contest, column);
  if (side !== undefined) return { values: { [column]: contest[side][column] }, settled: [] };
  const rule = ruleOf(table, column);
  if (rule === "max") return taken(contest, column, { winner: largerSide(contest, [column]), why: "maximum" });
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
  const { winner, why } = laterSide(contest, [column]);
  const pick = (key: string, ours: string, theirs: string): Side => {
    const larger: Side = compareTexts(ours, theirs) > 0 ? "ours" : "theirs";
    const side = why === "larger" ? larger : winner;
    settled.push({ field: `${column}.${key}`, winner: side, why, parts: { ours, theirs } });
    return side;
  };
  return { values: { [column]: print(uniteParts({ ...parts, pick })) }, settled };
}
