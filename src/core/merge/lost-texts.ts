import { hashedUuid } from "../hashed-uuid.ts";
import type { Comment } from "../issue/issue.ts";
import { toWireTime } from "../time/wire-time.ts";
import type { Row, Side } from "./cell.ts";
import { jsonMembers, type Parts } from "./merge-parts.ts";
import { ruleOf } from "./merge-rules.ts";
import type { Birth } from "./moved-id.ts";
import { isEdited, type RowContest } from "./row-contest.ts";

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

export interface LostFromIssue {
  readonly issueId: string;
  /** Names the comment, for the id of an issue may change. */
  readonly birth: Birth;
  readonly field: string;
  readonly text: string;
  /** When it was written: a wire time, or what a DATETIME column gives. */
  readonly date: string;
}

/** What the column `comments.text` takes, in bytes, less the line that says what was lost. */
const MAX_TEXT_BYTES = 65_535 - 535;
const MAX_FIELD_LENGTH = 100;

/**
 * The comments by `bd` that keep a text which lost in a merge: one, or several where it fills a column by itself.
 * Their ids follow from what is kept, so both sides of a merge make the same rows, and making them again adds nothing.
 * Throws BdError usage INVALID_TIMESTAMP.
 */
export function keptComments({ issueId, birth, field, text, date }: LostFromIssue): Comment[] {
  const at = toWireTime(date);
  const name = field.length > MAX_FIELD_LENGTH ? `${field.slice(0, MAX_FIELD_LENGTH)}…` : field;
  const parts = cutToBytes(text, MAX_TEXT_BYTES);
  return parts.map((part, index) => {
    const count = parts.length === 1 ? "" : ` (${index + 1} of ${parts.length})`;
    return {
      id: hashedUuid("lost-in-a-merge", [...nameOf(birth), field, text, String(index)]),
      issue_id: issueId,
      author: "bd",
      text: `Lost in a merge: ${name} of ${at}${count}\n\n${part}`,
      created_at: at,
    };
  });
}

/**
 * The event of the creation stays when somebody renames the issue. Where none is known, the id that it wanted has to do:
 * programs read the time of an import differently.
 */
function nameOf({ ext, wanted, createdBy }: Birth): string[] {
  return ext === "" ? [wanted, createdBy] : [ext];
}

function cutToBytes(text: string, max: number): string[] {
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + max, bytes.length);
    // Never inside a character: the bytes after its first are 10xxxxxx.
    while (end < bytes.length && (bytes.readUInt8(end) & 0xc0) === 0x80) end--;
    parts.push(bytes.toString("utf8", start, end));
    start = end;
  }
  return parts;
}
