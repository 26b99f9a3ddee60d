import type { CodeChange, CodeKind } from "./code-change.ts";
import { isPlain, type ParsedTable, parseCreateTable, type TableItem } from "./create-statement.ts";
import { DOLTS_LISTS, isTrackerTable } from "./tracker-tables.ts";

export interface TableChange {
  readonly table: string;
  /** The two CREATE TABLE; undefined where there is no such table. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * What a changed table brings that can execute, or that makes what the tracker does something else. Tables and columns
 * that only keep data are nothing of that.
 */
export function tableCode({ table, from, to }: TableChange): CodeChange[] {
  // What their rows say is looked at apart.
  if (DOLTS_LISTS.has(table.toLowerCase())) return [];
  if (/^dolt_/i.test(table)) return wholeTable({ table, from, to });
  const isOurs = isTrackerTable(table);
  if (to === undefined) return isOurs ? wholeTable({ table, from, to }) : [];
  const before = from === undefined ? undefined : parseCreateTable(from);
  const after = parseCreateTable(to);
  const known = new Map(before?.items.map((item) => [nameOf(item), item]));
  const come = after.items.flatMap((item): CodeChange[] => {
    const old = known.get(nameOf(item));
    if (old?.text === item.text) return [];
    if (isPlain(item, before === undefined) && (old === undefined || !isOurs)) return [];
    return [changeOf(table, item, old === undefined ? "added" : "changed")];
  });
  if (before === undefined || !isOurs) return come;
  const left = new Set(after.items.map(nameOf));
  const gone = before.items.filter((item) => !left.has(nameOf(item)) && !isMereIndex(item));
  const hasOtherOptions = before.options !== after.options;
  return [
    ...come,
    ...gone.map((item) => changeOf(table, item, "removed")),
    ...(hasOtherOptions ? wholeTable({ table, from, to: after.options }) : []),
    ...otherOrder(table, before, after),
  ];
}

/** What is left when columns were renamed into each other: each then has what another one had. */
function otherOrder(table: string, before: ParsedTable, after: ParsedTable): CodeChange[] {
  const had = columnsOf(before);
  const has = columnsOf(after).filter((name) => had.includes(name));
  const stayed = had.filter((name) => has.includes(name));
  if (stayed.every((name, index) => name === has[index])) return [];
  return [{ kind: "table", name: table, definition: `its columns in the order ${has.join(", ")}`, change: "changed" }];
}

function columnsOf({ items }: ParsedTable): string[] {
  return items.filter(({ kind }) => kind === "column").map(({ name }) => name);
}

function wholeTable({ table, from, to }: TableChange): CodeChange[] {
  const change = from === undefined ? "added" : to === undefined ? "removed" : "changed";
  return [{ kind: "table", name: table, definition: to ?? from ?? "", change }];
}

/** An index that only makes reading fast. */
function isMereIndex(item: TableItem): boolean {
  return item.kind === "index" && item.name !== "PRIMARY" && isPlain(item, false);
}

function nameOf({ kind, name }: TableItem): string {
  return `${kind}:${name}`;
}

function changeOf(table: string, { kind, name, text }: TableItem, change: CodeChange["change"]): CodeChange {
  const kindOf: CodeKind = kind;
  return { kind: kindOf, name: `${table}.${name}`, definition: text, change };
}

/** The names of tables that are new and nothing that the tracker or Dolt knows. */
export function unknownTables(changes: readonly TableChange[]): string[] {
  return changes.flatMap(({ table, from }) =>
    from !== undefined || /^dolt_/i.test(table) || isTrackerTable(table) ? [] : [table],
  );
}
