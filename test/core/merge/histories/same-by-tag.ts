import type { Row } from "../../../../src/core/merge/cell.ts";
import { issueIdColumns, ownerColumns } from "../../../../src/core/merge/issue-references.ts";
import { type Rows, type Snapshot, sameSnapshot, textOf } from "../../../../src/core/merge/snapshot.ts";
import { type Ledger, tagsById } from "./ledger.ts";
import { type Draft, put } from "./tables.ts";

/** Whether two snapshots say the same but for the ids of issues. */
export function sameByTag(a: Snapshot, b: Snapshot, ledger: Ledger): boolean {
  return sameSnapshot(withTags(a, ledger), withTags(b, ledger));
}

/** What belongs to an id rather than to an issue: another issue under the id of a deleted one has it too. */
const INHERITED = new Set(["bd_deleted_issues", "child_counters", "interactions"]);

/** The tables with the tags of issues for their ids; without issues that may be there or not. */
function withTags(snapshot: Snapshot, ledger: Ledger): Snapshot {
  const sure = new Map([...tagsById(snapshot)].filter(([, tag]) => !ledger.isUnsure(tag)));
  const tagged: Draft = new Map();
  for (const [table, rows] of snapshot) {
    if (INHERITED.has(table)) continue;
    for (const row of rows.values()) {
      if (ownerColumns(table).every((column) => sure.has(textOf(row, column))))
        put(tagged, table, named(table, row, sure));
    }
  }
  return tagged;
}

/** Without what names an issue by the way: one that is gone may have left its id to another. The ledger has the rest. */
function named(table: string, row: Row, names: ReadonlyMap<string, string>): Row {
  const [columns, owners] = [issueIdColumns(table), ownerColumns(table)];
  const nameIn = (column: string) => (owners.includes(column) ? names.get(textOf(row, column)) : "");
  return { ...row, ...Object.fromEntries(columns.map((column) => [column, nameIn(column)])) };
}

/** Whether a comment keeps a text that somebody had replaced who had seen it: whether it counts as lost is left open. */
function isLoose(table: string, row: Row, { replaced }: Ledger): boolean {
  return (
    table === "comments" && row["author"] === "bd" && [...replaced].some((text) => textOf(row, "text").endsWith(text))
  );
}

/** Without what the rules leave open; also without what deleted issues leave behind under an id that they had. */
export function withoutLoose(snapshot: Snapshot, ledger: Ledger): Snapshot {
  const alive = new Set([...ledger.entries.values()].flatMap(({ deleted, notes }) => (deleted ? [] : [...notes])));
  const isLeft = (table: string, row: Row) => table === "interactions" && !alive.has(textOf(row, "id"));
  const kept = (table: string, rows: Rows) =>
    [...rows]
      .filter(([, row]) => !isLoose(table, row, ledger) && !isLeft(table, row))
      .map(([key, row]) => [key, ledger.hasDeletions ? withoutNames(table, row) : row] as const);
  const tables = [...snapshot].filter(([table]) => table !== "child_counters" || !ledger.hasDeletions);
  return new Map(tables.map(([table, rows]) => [table, new Map(kept(table, rows))]));
}

/** Without the issues that it names by the way. */
function withoutNames(table: string, row: Row): Row {
  const owners = ownerColumns(table);
  const columns = owners.length === 0 ? [] : issueIdColumns(table).filter((column) => !owners.includes(column));
  return { ...row, ...Object.fromEntries(columns.map((column) => [column, ""])) };
}
