import type { Row, Side } from "./cell.ts";
import { isEdited, type RowContest } from "./merge-cell.ts";
import { jsonMembers, type Parts } from "./merge-keys.ts";
import { ruleOf } from "./merge-rules.ts";

/** What a person wrote and the merged row does not say. */
export interface LostText {
  /** The column, or `metadata.<key>`. */
  readonly field: string;
  readonly text: string;
  readonly side: Side;
  /** When it was written, in the form of the dates of the merge. */
  readonly date: string;
}

const LINE = 80;
const SIDES: readonly Side[] = ["ours", "theirs"];

/** The texts longer than a line that a side had written since the base and that the merged row leaves out. */
export function lostTexts(table: string, contest: RowContest, merged: Row): LostText[] {
  return SIDES.flatMap((side) =>
    Object.keys(merged).flatMap((column) =>
      isEdited(contest, side, column) ? lostFromCell({ table, contest, merged, side, column }) : [],
    ),
  );
}

interface MergedCell {
  readonly table: string;
  readonly contest: RowContest;
  readonly merged: Row;
  readonly side: Side;
  readonly column: string;
}

function lostFromCell({ table, contest, merged, side, column }: MergedCell): LostText[] {
  const [written, result] = [contest[side][column], merged[column]];
  const date = writtenAt(contest, side, column);
  if (keepsText(table, column)) {
    return isLost(written, result) ? [{ field: column, text: written, side, date }] : [];
  }
  if (table !== "issues" || ruleOf(table, column) !== "keys") return [];
  const [base, own, kept] = [contest.base?.[column], written, result].map((cell) => jsonMembers(cell) ?? NONE);
  return [...(own ?? NONE)].flatMap(([key, value]) => {
    const text = plainText(value);
    if (base?.get(key) === value || !isLost(text, plainText(kept?.get(key) ?? "null"))) return [];
    const field = `${column}.${key}`;
    return [{ field, text, side, date: contest.dates?.[side][field] ?? date }];
  });
}

const NONE: Parts = new Map();

function keepsText(table: string, column: string): boolean {
  return ruleOf(table, column) === "text" || (table === "issues" && column === "close_reason");
}

/** A text that stands inside the one that won is not lost. */
function isLost(written: unknown, result: unknown): written is string {
  if (typeof written !== "string" || (written.length <= LINE && !written.includes("\n"))) return false;
  return typeof result !== "string" || !result.includes(written);
}

/** A JSON string as what it says, anything else as it is written. */
function plainText(json: string): string {
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function writtenAt({ dates, ...rows }: RowContest, side: Side, column: string): string {
  const row = rows[side];
  return dates?.[side][column] ?? String(row["updated_at"] ?? row["created_at"] ?? "");
}
