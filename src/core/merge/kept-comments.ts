import { createHash } from "node:crypto";
import type { Comment } from "../issue.ts";
import { toWireTime } from "../wire-time.ts";
import type { Birth } from "./moved-id.ts";

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
      id: uuidFrom([...nameOf(birth), field, text, String(index)]),
      issue_id: issueId,
      author: "bd",
      text: `Lost in a merge: ${name} of ${at}${count}\n\n${part}`,
      created_at: at,
    };
  });
}

/** The event of the creation stays when somebody renames the issue; where none is known, the id that it wanted. */
function nameOf({ ext, wanted, createdBy, createdAt }: Birth): string[] {
  return ext === "" ? [wanted, createdBy, createdAt] : [ext];
}

/** A UUID of version 8 (its makers' own), made from a hash. */
function uuidFrom(parts: readonly string[]): string {
  const bytes = createHash("sha256")
    .update(`bd:lost-in-a-merge\0${parts.join("\0")}`)
    .digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
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
