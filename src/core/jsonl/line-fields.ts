import { ISSUE_FIELDS, type Issue, type IssueField } from "../issue/issue.ts";
import { idProblem } from "../issue/issue-id.ts";
import { DEFAULT_ISSUE_TYPE } from "../issue/issue-type.ts";
import { DEFAULT_PRIORITY } from "../issue/priority.ts";
import { exactNumber } from "../json/exact-number.ts";
import { isMetadata } from "../json/metadata-json.ts";
import { checkText, checkTexts } from "../text-limits.ts";
import { instantOf, toWireTime } from "../time/wire-time.ts";

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
/** What an INT holds, and a BIGINT. */
const INT = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const BIGINT = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const MAX_TEXT_BYTES = 65_535;

/**
 * The fields of an issue, with "not set" left out. Whatever the tables hold comes in: rules for what people type (a title
 * that says something, priorities from 0 to 4, known types and statuses) are not looked at, so that no issue is lost for
 * them. Throws BadLine for what no column takes, and BdError for texts that are too long.
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

function checkIdentity({ id, title }: Record<string, unknown>): void {
  if (typeof id !== "string") throw new BadLine("no id");
  const problem = idProblem(id);
  if (problem !== undefined) throw new BadLine(`the id ${JSON.stringify(id)} ${problem}`);
  if (typeof title !== "string") throw new BadLine("no title");
}

function fieldValue({ name, kind, unset }: IssueField, value: unknown): unknown {
  switch (kind) {
    case "key":
      return textOf(name, value);
    case "text":
    case "nullable-text": {
      const text = textOf(name, value);
      if (name === "compacted_at_commit" && text.length > 64) throw new BadLine(`${name} is over 64 characters`);
      return text === "" || text === unset ? undefined : text;
    }
    case "number":
    case "nullable-number":
      return integer(name, value);
    case "count":
      return (name === "timeout" ? nanoseconds(name, value) : integer(name, value)) || undefined;
    case "flag":
      if (typeof value !== "boolean") throw new BadLine(`${name} is not true or false`);
      return value || undefined;
    case "time":
    case "nullable-time":
      return timeOf(name, value);
    case "object":
      return isMetadata(value) && Object.keys(value).length === 0 ? undefined : value;
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

function integer(name: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw new BadLine(`${name} is not a whole number`);
  if (value < INT.min || value > INT.max) throw new BadLine(`${name} is not between ${INT.min} and ${INT.max}`);
  return value;
}

/** Past 104 days a nanosecond has no number of its own in JavaScript: then it is a bigint, see `jsonObject`. */
function nanoseconds(name: string, value: unknown): number | bigint {
  const isWhole = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
  if (!isWhole) throw new BadLine(`${name} is not a whole number`);
  const duration = BigInt(value);
  if (duration < BIGINT.min || duration > BIGINT.max) throw new BadLine(`${name} is more than a BIGINT holds`);
  return exactNumber(String(duration));
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
