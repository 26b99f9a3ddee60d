import { jsonMembers, type Parts } from "../merge/merge-parts.ts";
import { instantOf } from "../time/wire-time.ts";

/** A line about one issue, living or deleted. */
export interface IssueLine {
  readonly kind: "issue";
  readonly text: string;
  readonly id: string;
  /** Its fields with their values as they are written. */
  readonly members: Parts;
  readonly isTombstone: boolean;
  /** When it says that the issue was last changed, in the form of `sortableTime`; "" where it does not. */
  readonly updatedAt: string;
  /** Who made the issue, and in which second; "" where it does not say so. */
  readonly birth: string;
}

export type FileLine =
  | IssueLine
  /** JSON about something else; lines of one key say the same thing in different words. */
  | { readonly kind: "other"; readonly text: string; readonly key: string }
  | { readonly kind: "unreadable"; readonly text: string };

/** Reads one line of a file. Throws nothing. */
export function readFileLine(text: string): FileLine {
  const members = jsonMembers(text);
  if (members === undefined) return { kind: "unreadable", text };
  const id = textIn(members, "id");
  if (id === undefined || id === "") return { kind: "other", text, key: keyOf(members) ?? text };
  const isTombstone = textIn(members, "status") === "tombstone";
  const updatedAt = timeIn(members, "updated_at");
  return { kind: "issue", text, id, members, isTombstone, updatedAt, birth: birthIn(members) };
}

function birthIn(members: Parts): string {
  const [by, at] = [textIn(members, "created_by") ?? "", timeIn(members, "created_at").slice(0, 19)];
  return by === "" || at === "" ? "" : JSON.stringify([by, at]);
}

function keyOf(members: Parts): string | undefined {
  const key = textIn(members, "key");
  return key === undefined ? undefined : JSON.stringify([textIn(members, "_type") ?? "", key]);
}

/** The text that a field holds; undefined where it holds anything else. */
export function textIn(members: Parts, name: string): string | undefined {
  const written = members.get(name);
  return written?.startsWith('"') === true ? String(JSON.parse(written)) : undefined;
}

export function timeIn(members: Parts, name: string): string {
  return sortableTime(textIn(members, name) ?? "");
}

const WIRE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** A time of any offset as `YYYY-MM-DD HH:MM:SS.mmm` of UTC, which sorts as text; what is none stays as it is. */
export function sortableTime(text: string): string {
  // Nearly all have this form, and reading an instant costs more than all the rest of a line.
  if (WIRE_TIME.test(text)) return `${text.slice(0, 10)} ${text.slice(11, 19)}.000`;
  const instant = instantOf(text);
  return instant === undefined ? text : instant.toISOString().slice(0, 23).replace("T", " ");
}

/** How lines of `bd` begin. */
const BEGINNINGS = ['{"id":"', '{"_type":"issue","id":"'] as const;

/** The id of a line that needs no reading otherwise, because it begins with it. */
export function quickId(text: string): string | undefined {
  const beginning = BEGINNINGS.find((one) => text.startsWith(one));
  if (beginning === undefined || !text.endsWith("}")) return undefined;
  const id = text.slice(beginning.length, text.indexOf('"', beginning.length));
  return id === "" || id.includes("\\") ? undefined : id;
}
