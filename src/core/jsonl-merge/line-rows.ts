import { ISSUE_FIELDS, WIRE_ORDER } from "../issue/issue.ts";
import { parseExactly } from "../json/exact-number.ts";
import { stringifyCompact } from "../json/go-json.ts";
import { isMetadata } from "../json/metadata-json.ts";
import { compareTexts, type Row, sameCell } from "../merge/cell.ts";
import type { Parts } from "../merge/merge-parts.ts";
import { rowKey, type Snapshot, type TableKeys, textOf } from "../merge/snapshot.ts";
import { type IssueLine, sortableTime } from "./file-line.ts";

/** The tables that a line of a file fills. */
export const LINE_KEYS: TableKeys = new Map([
  ["issues", ["id"]],
  ["labels", ["issue_id", "label"]],
  ["dependencies", ["issue_id", "depends_on_id"]],
  ["comments", ["id"]],
  ["events", ["id"]],
]);

const TIMES: ReadonlySet<string> = new Set(
  ISSUE_FIELDS.filter(({ kind }) => kind === "time" || kind === "nullable-time").map(({ name }) => name),
);

type PartTable = "labels" | "dependencies" | "comments";

/** How an item of a list becomes a row; undefined where it is of another form: then the list stays as it is. */
const PART_ROWS: Readonly<Record<PartTable, (item: unknown, issueId: string) => Row | undefined>> = {
  labels: (item, issueId) => (typeof item === "string" ? { issue_id: issueId, label: item } : undefined),
  dependencies: (item, issueId) =>
    isMetadata(item) && typeof item["depends_on_id"] === "string" ? { ...item, issue_id: issueId } : undefined,
  comments: (item, issueId) => (isMetadata(item) ? { ...item, id: commentId(item), issue_id: issueId } : undefined),
};

/** Begins what stands in for the id of a comment that has none. */
const NO_ID = "\0";

function commentId({ id, author, created_at: at, text }: Readonly<Record<string, unknown>>): string {
  return typeof id === "string" && id !== "" ? id : `${NO_ID}${JSON.stringify([author, at, text])}`;
}

/** Lines as the tables that they would fill, for the rules of merging. */
export function linesAsTables(lines: readonly IssueLine[], creations: readonly Row[] = []): Snapshot {
  const tables = new Map([...LINE_KEYS.keys()].map((table) => [table, new Map<string, Row>()]));
  const put = (table: string, row: Row) => tables.get(table)?.set(rowKey(row, LINE_KEYS.get(table) ?? []), row);
  for (const { id, members } of lines) {
    const parts = partsIn(members, id);
    put("issues", issueRow(members, parts));
    for (const [table, rows] of parts) for (const row of rows) put(table, row);
  }
  for (const event of creations) put("events", event);
  return tables;
}

function issueRow(members: Parts, parts: ReadonlyMap<string, readonly Row[]>): Row {
  const own = [...members].filter(([name]) => !parts.has(name));
  return Object.fromEntries(own.map(([name, written]) => [name, cellOf(name, written)]));
}

function partsIn(members: Parts, issueId: string): Map<PartTable, readonly Row[]> {
  const found = new Map<PartTable, readonly Row[]>();
  for (const table of ["labels", "dependencies", "comments"] as const) {
    const items: unknown = parseExactly(members.get(table) ?? "null");
    if (!Array.isArray(items)) continue;
    const rows = items.flatMap((item: unknown): readonly Row[] => {
      const row = PART_ROWS[table](item, issueId);
      return row === undefined ? [] : [row];
    });
    if (rows.length === items.length) found.set(table, rows);
  }
  return found;
}

/** What the rules compare: texts as they are meant, times as they sort, and anything else as it is written. */
function cellOf(name: string, written: string): unknown {
  if (written === "null") return null;
  if (name === "metadata") return written;
  if (written.startsWith('"')) {
    const text = String(JSON.parse(written));
    return TIMES.has(name) ? sortableTime(text) : text;
  }
  const number = Number(written);
  return String(number) === written ? number : written;
}

/** By table and issue, the rows that belong to it. */
export type PartRows = Readonly<Record<PartTable, ReadonlyMap<unknown, readonly Row[]>>>;

export function partRows(tables: Snapshot): PartRows {
  const byIssue = (table: PartTable) => Map.groupBy(tables.get(table)?.values() ?? [], (row) => row["issue_id"]);
  return { labels: byIssue("labels"), dependencies: byIssue("dependencies"), comments: byIssue("comments") };
}

/** An issue with its parts as a line. Values are written as one of the sources writes them, where one has them. */
export function rowsAsLine(issue: Row, parts: PartRows, sources: readonly Parts[]): string {
  const written = new Map<string, string>();
  for (const [name, cell] of Object.entries(issue)) {
    if (cell !== undefined) written.set(name, writtenAs(name, cell, sources));
  }
  for (const [name, items] of itemsOf(parts, textOf(issue, "id"))) {
    if (items.length > 0) written.set(name, stringifyCompact(items));
  }
  return `{${orderedNames(written)
    .map((name) => `${JSON.stringify(name)}:${written.get(name)}`)
    .join(",")}}`;
}

function writtenAs(name: string, cell: unknown, sources: readonly Parts[]): string {
  const forms = sources.flatMap((members) => members.get(name) ?? []);
  const [form] = forms.filter((one) => sameCell(cellOf(name, one), cell)).toSorted();
  if (form !== undefined) return form;
  return name === "metadata" && typeof cell === "string" ? cell : stringifyCompact(cell);
}

function orderedNames(written: ReadonlyMap<string, string>): string[] {
  const known = ["_type", ...WIRE_ORDER].filter((name) => written.has(name));
  const others = [...written.keys()].filter((name) => !known.includes(name));
  return [...known, ...others.toSorted()];
}

function itemsOf(parts: PartRows, id: string): [PartTable, unknown[]][] {
  const sorted = (table: PartTable, columns: readonly string[]) =>
    (parts[table].get(id) ?? []).toSorted((a, b) => compareTexts(rowKey(a, columns), rowKey(b, columns)));
  return [
    ["labels", sorted("labels", ["label"]).map((row) => row["label"])],
    ["dependencies", sorted("dependencies", ["depends_on_id"])],
    ["comments", sorted("comments", ["created_at", "id"]).map(withoutMadeUpId)],
  ];
}

function withoutMadeUpId(row: Row): Row {
  const { id, ...rest } = row;
  return textOf(row, "id").startsWith(NO_ID) ? rest : { id, ...rest };
}
