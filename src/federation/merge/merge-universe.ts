import { ISSUE_TABLES, issueIdColumns, ownerColumns } from "../../core/merge/issue-references.ts";
import { TOMBSTONES } from "../../core/merge/known-issues.ts";
import type { TableKeys } from "../../core/merge/snapshot.ts";
import { changedKeys, changedTables, tablesAt } from "../../store/changes/table-changes.ts";
import { combine, type Query, rows, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { identifier, join, sql } from "../../store/sql.ts";

/**
 * The part of the tables that a merge has to look at: whole issues, with every row that names one of them, and single
 * rows of other tables. What is left out only one side changed, so that Dolt merges it as the rules would.
 */
export interface Universe {
  readonly ids: Set<string>;
  /** By table that has rows of no issue, the keys of its rows, as `keyText` writes them. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Parted {
  readonly ours: string;
  readonly theirs: string;
  readonly bases: readonly string[];
}

/** Where to begin: what both sides touched since they parted, or, after histories that crossed, all that differs. */
export async function firstUniverse(
  reader: Reader,
  { ours, theirs, bases }: Parted,
  keys: TableKeys,
): Promise<Universe> {
  const [base = ours] = bases;
  const ways = bases.length === 1 ? [[base, ours] as const, [base, theirs] as const] : [[ours, theirs] as const];
  const touched = await reader.all(ways.map(([from, to]) => changedTables(from, to)));
  const tables = intersection(touched.map((names) => new Set(names)));
  const ids: Set<string>[] = [];
  for (const [index, [from, to]] of ways.entries()) {
    const changed = (touched[index] ?? []).filter((table) => keys.has(table));
    const own = await reader.all(changed.map((table) => touchedIds(table, from, to)));
    ids.push(new Set(own.flat()));
  }
  const plain = [...tables].filter((table) => keys.has(table) && hasRowsOfItsOwn(table));
  const rowKeys = new Map<string, ReadonlySet<string>>();
  for (const name of plain) {
    const found = await reader.all(
      ways.map(([from, to]) => changedKeys({ name, key: keys.get(name) ?? [] }, from, to)),
    );
    rowKeys.set(name, intersection(found.map((own) => new Set(own))));
  }
  // Where deleted issues are remembered, the merge is to learn of those too that one side alone touched.
  const existing = await reader.all([tablesAt(ours), tablesAt(theirs)]);
  const remembers = existing.some((names) => names.has(TOMBSTONES));
  const deleted = remembers ? await reader.all(ways.map(([from, to]) => removedIds(from, to))) : [];
  return { ids: new Set([...intersection(ids), ...deleted.flat()]), keys: rowKeys };
}

function removedIds(from: string, to: string): Query<string[]> {
  return rows(sql`SELECT from_id FROM DOLT_DIFF(${from}, ${to}, 'issues') WHERE diff_type = 'removed'`, (row) =>
    text(row, "from_id"),
  );
}

/** Tables of which a row may belong to no issue. */
function hasRowsOfItsOwn(table: string): boolean {
  return ownerColumns(table).length === 0 && table !== TOMBSTONES;
}

/** The ids of issues that the changed rows of a table name. */
function touchedIds(table: string, from: string, to: string): Query<string[]> {
  const columns = table === TOMBSTONES ? ["wanted_id"] : issueIdColumns(table);
  if (columns.length === 0) return combine([], () => []);
  const named = columns.flatMap((column) =>
    ["from_", "to_"].map(
      (side) => sql`SELECT ${identifier(`${side}${column}`)} AS id FROM DOLT_DIFF(${from}, ${to}, ${table})`,
    ),
  );
  const found = rows(join(named, " UNION "), (row) => text(row, "id"));
  return combine([found], (ids) => ids.filter((id) => id !== ""));
}

function intersection(sets: readonly ReadonlySet<string>[]): Set<string> {
  const [first = new Set<string>(), ...others] = sets;
  return new Set([...first].filter((one) => others.every((other) => other.has(one))));
}

/** Those of the tables that hold rows of issues, issues first. */
export function issueTablesOf(keys: TableKeys): string[] {
  return ISSUE_TABLES.filter((table) => keys.has(table));
}
