import { ISSUE_FIELDS, type Issue, type IssueField } from "../issue.ts";
import { idProblem } from "../issue-id.ts";
import { DEFAULT_ISSUE_TYPE } from "../issue-type.ts";
import { isMetadata } from "../metadata-json.ts";
import { DEFAULT_PRIORITY } from "../priority.ts";
import { checkText, checkTexts, checkTitle } from "../text-limits.ts";
import { instantOf, toWireTime } from "../wire-time.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a line says of the issue itself; times that it does not name are for the import to choose. */
export type LineFields = Omit<Issue, "created_at" | "updated_at" | "labels" | "dependencies" | "comments"> & {
  created_at?: string;
  updated_at?: string;
};

/** A line that does not fit; the message says why, for people. */
export class BadLine extends Error {}

/** How Go prints a time that was never set. */
const GO_ZERO_TIME = "0001-01-01T00:00:00Z";
const MAX_INT = 2 ** 31 - 1;
const NANOSECONDS_PER_SECOND = 1e9;
/** The last whole second that a BIGINT holds. */
const MAX_NANOSECONDS = 9_223_372_036 * NANOSECONDS_PER_SECOND;
const MAX_TEXT_BYTES = 65_535;

/**
 * The fields of an issue, checked for shape and size, with "not set" left out. Rules (known types, known statuses) are
 * not looked at. Throws BadLine, and BdError for texts that are too long.
 */
export function fieldsFromLine(line: JsonObject): LineFields {
  const fields: Record<string, unknown> = {};
  for (const field of ISSUE_FIELDS) {
    const value = line[field.name];
    if (value === undefined || value === null) continue;
    const read = fieldValue(field, value);
    if (read !== undefined) fields[field.name] = read;
  }
  fields["status"] ??= "open";
  fields["issue_type"] ??= DEFAULT_ISSUE_TYPE;
  fields["priority"] ??= DEFAULT_PRIORITY;
  if (line["wisp"] === true) fields["ephemeral"] = true;
  checkIdentity(fields);
  checkTexts(fields);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checkIdentity saw to what may not be missing, fieldValue to the types
  return fields as unknown as LineFields;
}

function checkIdentity({ id, title, priority }: Record<string, unknown>): void {
  if (typeof id !== "string") throw new BadLine("no id");
  const problem = idProblem(id);
  if (problem !== undefined) throw new BadLine(`the id ${JSON.stringify(id)} ${problem}`);
  if (typeof title !== "string" || title.trim() === "") throw new BadLine("no title");
  checkTitle(title);
  if (typeof priority !== "number" || priority < 0 || priority > 4) throw new BadLine("priority is not 0 to 4");
}

function fieldValue({ name, kind, unset }: IssueField, value: unknown): unknown {
  switch (kind) {
    case "key":
    case "text":
    case "nullable-text": {
      const text = textOf(name, value);
      if (name === "compacted_at_commit" && text.length > 64) throw new BadLine(`${name} is over 64 characters`);
      return text === "" || text === unset ? undefined : text;
    }
    case "number":
    case "nullable-number":
      return integer(name, value, MAX_INT);
    case "count":
      return (name === "timeout" ? nanoseconds(name, value) : integer(name, value, MAX_INT)) || undefined;
    case "flag":
      if (typeof value !== "boolean") throw new BadLine(`${name} is not true or false`);
      return value || undefined;
    case "time":
    case "nullable-time":
      return timeOf(name, value);
    case "object":
      if (!isMetadata(value)) throw new BadLine(`${name} is not a JSON object`);
      return Object.keys(value).length === 0 ? undefined : value;
    case "list":
      return listOfTexts(name, value);
  }
}

export function textOf(name: string, value: unknown): string {
  if (typeof value !== "string") throw new BadLine(`${name} is not a text`);
  return value;
}

/** A wire time, cut to whole seconds; undefined for what stands for "never". */
export function timeOf(name: string, value: unknown): string | undefined {
  if (value === GO_ZERO_TIME || value === "") return undefined;
  const instant = typeof value === "string" ? instantOf(value) : undefined;
  if (instant === undefined || instant.getUTCFullYear() < 1000 || instant.getUTCFullYear() > 9999) {
    throw new BadLine(`${name} is not a time (${JSON.stringify(value)})`);
  }
  return toWireTime(instant);
}

function integer(name: string, value: unknown, max: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new BadLine(`${name} is not a whole number from 0 on`);
  }
  if (value > max) throw new BadLine(`${name} is over ${max}`);
  return value;
}

/** Past 104 days not every nanosecond has a number of its own in JavaScript; whole seconds have, up to the column's end. */
function nanoseconds(name: string, value: unknown): number {
  const duration = integer(name, value, MAX_NANOSECONDS);
  if (Number.isSafeInteger(duration) || duration % NANOSECONDS_PER_SECOND === 0) return duration;
  throw new BadLine(`${name} is over ${Number.MAX_SAFE_INTEGER} nanoseconds and not in whole seconds`);
}

function listOfTexts(name: string, value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === "string")) {
    throw new BadLine(`${name} is not a list of texts`);
  }
  for (const item of value) checkText("text", item);
  if (Buffer.byteLength(JSON.stringify(value)) > MAX_TEXT_BYTES)
    throw new BadLine(`${name} is over ${MAX_TEXT_BYTES} bytes`);
  return value.length === 0 ? undefined : value;
}
