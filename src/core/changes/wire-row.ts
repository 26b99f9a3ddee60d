import { ISSUE_FIELDS, ISSUE_NAMES, type IssueField } from "../issue/issue.ts";
import { fieldFromColumn } from "../issue/issue-cells.ts";
import { jsonText } from "../json/dolt-json.ts";
import { compareTexts, type Row } from "../merge/cell.ts";
import type { StateTable } from "./state-tables.ts";

/** A row in the wire's words: what is set, by name, as JSON values. */
export type WireRow = Readonly<Record<string, unknown>>;

type WireField = Pick<IssueField, "kind" | "unset"> & { readonly name: string };

/** By table, what its columns are called on the wire and how they are said. */
const FIELDS: Readonly<Record<StateTable, ReadonlyMap<string, WireField>>> = {
  issues: new Map(ISSUE_FIELDS.map((field) => [field.column, field])),
  labels: named({ issue_id: "key", label: "key" }),
  dependencies: named({
    issue_id: "key",
    depends_on_id: "key",
    type: "key",
    created_at: "time",
    created_by: "text",
    metadata: "text",
    thread_id: "text",
  }),
  comments: named({ id: "key", issue_id: "key", author: "key", text: "key", created_at: "time" }),
  config: named({ key: "key", value: "key" }),
};

function named(kinds: Readonly<Record<string, IssueField["kind"]>>): ReadonlyMap<string, WireField> {
  return new Map(Object.entries(kinds).map(([name, kind]) => [name, { name, kind }]));
}

/** Columns that only repeat what others of the row say. */
const DERIVED: ReadonlySet<string> = new Set(["issues.content_hash"]);

/**
 * A row as the wire says it. What the wire has no word for stands under the name of its column, and a value that the
 * wire would say less exactly than the database as it stands there: nothing is lost but the difference between two ways
 * of not being set, such as NULL and ''.
 */
export function wireRow(table: StateTable, row: Row): WireRow {
  const others = Object.keys(row).filter((column) => !FIELDS[table].has(column) && !DERIVED.has(`${table}.${column}`));
  const columns = [...FIELDS[table].keys(), ...others.toSorted(compareTexts)];
  const said = columns.map((column) => [wireName(table, column), wireValue(table, column, row[column])] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

function wireName(table: StateTable, column: string): string {
  const field = FIELDS[table].get(column);
  if (field !== undefined) return field.name;
  return table === "issues" && ISSUE_NAMES.has(column) ? `column.${column}` : column;
}

function wireValue(table: StateTable, column: string, cell: unknown): unknown {
  if (cell === null || cell === undefined) return undefined;
  const field = FIELDS[table].get(column);
  if (field === undefined) return cell === "" ? undefined : plain(cell);
  if (!isSayable(field, cell)) return plain(cell);
  const printed = table === "dependencies" && column === "metadata" ? jsonText(String(cell)) : cell;
  return fieldFromColumn(field, printed);
}

/** Times with nothing behind the second. */
const WHOLE_SECOND = /^\d{1,4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.0+)?$/;

/** Whether the wire's value says all that the cell does. */
function isSayable({ kind }: WireField, cell: unknown): boolean {
  switch (kind) {
    case "key":
    case "text":
    case "nullable-text":
      return true;
    case "number":
    case "nullable-number":
    case "count":
      return Number.isSafeInteger(Number(cell));
    case "flag":
      return Number(cell) === 0 || Number(cell) === 1;
    case "time":
    case "nullable-time":
      return WHOLE_SECOND.test(String(cell));
    case "object":
      return cell === "" || isExactJson(jsonText(String(cell)), "{");
    case "list":
      return cell === "" || isExactJson(String(cell), "[");
  }
}

const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const JSON_NUMBER = /-?\d[\d.eE+-]*/g;
/** So many digits every number in JavaScript keeps. */
const KEPT_DIGITS = 15;

/** Whether it is JSON of that shape, and parsing rounds no number in it. */
function isExactJson(text: string, opening: "{" | "["): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  const numbers = text.replace(JSON_STRING, "").match(JSON_NUMBER) ?? [];
  const areKept = numbers.every((one) => one.replace(/\D/g, "").length <= KEPT_DIGITS || String(Number(one)) === one);
  return areKept && text.trimStart().startsWith(opening);
}

/** A cell as it stands in the database, as a value that JSON holds; bytes as hexadecimal digits. */
function plain(cell: unknown): unknown {
  if (cell instanceof Uint8Array) return `0x${Buffer.from(cell).toString("hex")}`;
  return typeof cell === "bigint" ? String(cell) : cell;
}
