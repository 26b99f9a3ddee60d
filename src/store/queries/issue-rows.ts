import type { Comment, Dependency, Issue, IssueField } from "../../core/issue/issue.ts";
import { ISSUE_FIELDS } from "../../core/issue/issue.ts";
import { fieldFromColumn } from "../../core/issue/issue-cells.ts";
import { jsonText } from "../../core/json/dolt-json.ts";
import { withAllDigits } from "../../core/json/go-json.ts";
import { fromWireTime, toWireTime } from "../../core/time/wire-time.ts";
import { type Row, text } from "../query.ts";
import { raw, type Sql, type SqlValue } from "../sql.ts";

/** The column of each field: only `timeout` differs, whose column says the unit. */
export type IssueColumn = Exclude<keyof Issue, "timeout" | "labels" | "dependencies" | "comments"> | "timeout_ns";

/** The columns of an issue, in the order of its fields, under the alias `i`. */
export const ISSUE_COLUMNS: Sql = raw(ISSUE_FIELDS.map(({ column }) => `i.\`${column}\``).join(", "));

/** A row of `issues` or `wisps` as an issue; what is not set is left out. */
export function issueFromRow(row: Row): Issue {
  const issue: Record<string, unknown> = {};
  for (const field of ISSUE_FIELDS) {
    const value = fieldFromColumn(field, row[field.column]);
    if (value !== undefined) issue[field.name] = value;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name in the table of fields is one of Issue's
  return issue as unknown as Issue;
}

/** The row of an issue: every field in its column, "not set" included. */
export function rowFromIssue(issue: Issue): Record<IssueColumn, SqlValue> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table of fields names every column once
  return Object.fromEntries(
    ISSUE_FIELDS.map((field) => [field.column, columnFromField(field, issue[field.name])]),
  ) as Record<IssueColumn, SqlValue>;
}

/** A field of an issue as its column takes it; undefined stands for "not set". */
export function columnFromField({ kind, unset }: IssueField, value: unknown): SqlValue {
  switch (kind) {
    case "key":
    case "text":
      return value === undefined ? (unset ?? "") : String(value);
    case "nullable-text":
      return value === undefined || value === "" ? null : String(value);
    case "number":
      return value === undefined ? 0 : Number(value);
    case "count":
      return typeof value === "bigint" ? String(value) : Number(value ?? 0);
    case "nullable-number":
      return value === undefined || value === null ? null : Number(value);
    case "flag":
      return value === true ? 1 : 0;
    case "time":
      return fromWireTime(String(value));
    case "nullable-time":
      return value === undefined || value === null ? null : fromWireTime(String(value));
    case "object":
      return withAllDigits(value ?? {});
    case "list":
      return Array.isArray(value) && value.length > 0 ? JSON.stringify(value) : "";
  }
}

export const DEPENDENCY_COLUMNS: Sql = raw(
  "d.issue_id, d.depends_on_id, d.type, d.created_at, d.created_by, d.metadata, d.thread_id",
);

export function dependencyFromRow(row: Row): Dependency {
  const dependency: Dependency = {
    issue_id: text(row, "issue_id"),
    depends_on_id: text(row, "depends_on_id"),
    type: text(row, "type"),
    created_at: toWireTime(text(row, "created_at")),
  };
  if (text(row, "created_by") !== "") dependency.created_by = text(row, "created_by");
  const metadata = jsonText(text(row, "metadata"));
  if (metadata !== "") dependency.metadata = metadata;
  if (text(row, "thread_id") !== "") dependency.thread_id = text(row, "thread_id");
  return dependency;
}

export function commentFromRow(row: Row): Comment {
  return {
    id: text(row, "id"),
    issue_id: text(row, "issue_id"),
    author: text(row, "author"),
    text: text(row, "text"),
    created_at: toWireTime(text(row, "created_at")),
  };
}
