import { DEFAULT_DEPENDENCY_TYPE } from "../dependency/dependency-type.ts";
import type { Comment, Dependency } from "../issue/issue.ts";
import { withAllDigits } from "../json/go-json.ts";
import { isMetadata } from "../json/metadata-json.ts";
import { checkText } from "../text-limits.ts";
import { BadLine, type JsonObject, textOf, timeOf } from "./line-fields.ts";

/** An edge or a comment as a line tells it: times and ids that it does not name are for the import to choose. */
export type LineDependency = Omit<Dependency, "created_at"> & { readonly created_at?: string | undefined };
export type LineComment = Omit<Comment, "id" | "created_at"> & {
  /** Undefined where the line has none, or the number of an older program. */
  readonly id?: string | undefined;
  readonly created_at?: string | undefined;
};

/** What an edge and a comment of a line have words for. */
export const DEPENDENCY_NAMES: ReadonlySet<string> = new Set<keyof Dependency>([
  "issue_id",
  "depends_on_id",
  "type",
  "created_at",
  "created_by",
  "metadata",
  "thread_id",
]);
export const COMMENT_NAMES: ReadonlySet<string> = new Set<keyof Comment>([
  "id",
  "issue_id",
  "author",
  "text",
  "created_at",
]);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Each label once. Throws BadLine, BdError. */
export function labelsFromLine(line: JsonObject): string[] {
  const labels = listOf(line, "labels").map((label) => textOf("a label", label));
  for (const label of labels) checkText("label", label);
  return [...new Set(labels)];
}

/** The edges that start at the issue, one for each target (the first). Throws BadLine, BdError. */
export function dependenciesFromLine(line: JsonObject, issueId: string): LineDependency[] {
  const edges = new Map<string, LineDependency>();
  for (const item of listOf(line, "dependencies")) {
    const edge = dependencyFrom(objectOf("a dependency", item), issueId);
    if (!edges.has(edge.depends_on_id)) edges.set(edge.depends_on_id, edge);
  }
  return [...edges.values()];
}

function dependencyFrom(item: JsonObject, issueId: string): LineDependency {
  const source = optionalText(item, "issue_id");
  const target = item["depends_on_id"];
  if (typeof target !== "string") throw new BadLine("a dependency without depends_on_id");
  if (source !== "" && source !== issueId) throw new BadLine(`a dependency of another issue (${source})`);
  checkText("id", target);
  const type = typeof item["type"] === "string" ? item["type"] : DEFAULT_DEPENDENCY_TYPE;
  const [createdBy, threadId] = [optionalText(item, "created_by"), optionalText(item, "thread_id")];
  checkText("dependency_type", type);
  checkText("created_by", createdBy);
  checkText("thread_id", threadId);
  const createdAt = item["created_at"];
  const metadata = dependencyMetadata(item["metadata"]);
  return {
    issue_id: issueId,
    depends_on_id: target,
    type,
    created_at:
      createdAt === undefined || createdAt === null ? undefined : timeOf("a dependency's created_at", createdAt),
    ...(createdBy === "" ? {} : { created_by: createdBy }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(threadId === "" ? {} : { thread_id: threadId }),
  };
}

/** The peer writes a text that holds JSON; an object is as good. */
function dependencyMetadata(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (isMetadata(value)) return withAllDigits(value);
  const text = textOf("a dependency's metadata", value);
  try {
    JSON.parse(text);
  } catch {
    throw new BadLine("a dependency's metadata is not JSON");
  }
  return text;
}

/** Throws BadLine, BdError. */
export function commentsFromLine(line: JsonObject, issueId: string): LineComment[] {
  return listOf(line, "comments").map((item) => commentFrom(objectOf("a comment", item), issueId));
}

function commentFrom(item: JsonObject, issueId: string): LineComment {
  const { id } = item;
  const [author, text, createdAt] = [optionalText(item, "author"), optionalText(item, "text"), item["created_at"]];
  checkText("author", author);
  checkText("text", text);
  return {
    issue_id: issueId,
    author,
    text,
    id: typeof id === "string" && UUID.test(id) ? id : undefined,
    created_at: createdAt === undefined || createdAt === null ? undefined : timeOf("a comment's created_at", createdAt),
  };
}

function listOf(line: JsonObject, name: string): readonly unknown[] {
  const value = line[name] ?? [];
  if (!Array.isArray(value)) throw new BadLine(`${name} is not a list`);
  return value;
}

function objectOf(what: string, value: unknown): JsonObject {
  if (!isMetadata(value)) throw new BadLine(`${what} is not a JSON object`);
  return value;
}

function optionalText(item: JsonObject, name: string): string {
  const value = item[name];
  return value === undefined || value === null ? "" : textOf(name, value);
}
