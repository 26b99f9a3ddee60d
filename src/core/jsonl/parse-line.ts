import { BdError } from "../../errors.ts";
import { ISSUE_FIELDS } from "../issue/issue.ts";
import { parseExactly } from "../json/exact-number.ts";
import { DEEPEST_JSON, isTooDeep } from "../json/json-depth.ts";
import { isMetadata } from "../json/metadata-json.ts";
import { checkText } from "../text-limits.ts";
import { BadLine, fieldsFromLine, type JsonObject, type LineFields, textOf } from "./line-fields.ts";
import {
  commentsFromLine,
  dependenciesFromLine,
  type LineComment,
  type LineDependency,
  labelsFromLine,
} from "./line-parts.ts";

/** An issue as a line tells it. */
export interface LineIssue {
  readonly fields: LineFields;
  readonly labels: readonly string[];
  readonly dependencies: readonly LineDependency[];
  readonly comments: readonly LineComment[];
}

export type ParsedLine =
  | { readonly kind: "blank" }
  | { readonly kind: "issue"; readonly issue: LineIssue; readonly ignoredFields: readonly string[] }
  | { readonly kind: "memory"; readonly key: string; readonly value: string }
  /** An issue that was deleted. */
  | { readonly kind: "tombstone" }
  | { readonly kind: "bad"; readonly reason: string };

/** What a line may hold beside the fields that are stored: counts, and what every program works out for itself. */
export const DERIVED_FIELDS: ReadonlySet<string> = new Set(
  `_type labels dependencies comments wisp parent schema_version content_hash source_repo
  dependency_count dependent_count comment_count`.split(/\s+/),
);
const STORED_FIELDS: ReadonlySet<string> = new Set(ISSUE_FIELDS.map(({ name }) => name));
const CONFIG_KEY_LENGTH = 255;
export const MEMORY_PREFIX = "kv.memory.";

/** Reads one line of JSONL. Throws nothing: a line that does not fit is `bad`, with the reason for people. */
export function parseLine(text: string): ParsedLine {
  if (text.trim() === "") return { kind: "blank" };
  try {
    return parsed(jsonObject(text));
  } catch (error) {
    if (error instanceof BadLine || error instanceof BdError) return { kind: "bad", reason: error.message };
    throw error;
  }
}

function jsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = parseExactly(text);
  } catch {
    throw new BadLine("it is not JSON");
  }
  if (!isMetadata(value)) throw new BadLine("it is not a JSON object");
  if (isTooDeep(value)) throw new BadLine(`it is nested more than ${DEEPEST_JSON} levels deep`);
  return value;
}

/** The first line of a file of later programs: what follows is the same. */
function isHeader(line: JsonObject): boolean {
  return typeof line["_schema"] === "string" && line["id"] === undefined;
}

function parsed(line: JsonObject): ParsedLine {
  if (isHeader(line)) return { kind: "blank" };
  const type = line["_type"] ?? "issue";
  if (type === "memory") return memoryFrom(line);
  if (type !== "issue") throw new BadLine(`the _type ${JSON.stringify(type)} is unknown`);
  if (line["status"] === "tombstone") return { kind: "tombstone" };
  const fields = fieldsFromLine(line);
  return {
    kind: "issue",
    issue: {
      fields,
      labels: labelsFromLine(line),
      dependencies: dependenciesFromLine(line, fields.id),
      comments: commentsFromLine(line, fields.id),
    },
    ignoredFields: Object.keys(line).filter((name) => !STORED_FIELDS.has(name) && !DERIVED_FIELDS.has(name)),
  };
}

function memoryFrom(line: JsonObject): ParsedLine {
  const key = textOf("key", line["key"]);
  const value = textOf("value", line["value"]);
  if (key === "" || MEMORY_PREFIX.length + key.length > CONFIG_KEY_LENGTH)
    throw new BadLine("the key is empty or too long");
  checkText("text", value);
  return { kind: "memory", key, value };
}
