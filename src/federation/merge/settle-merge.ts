import { BdError, command } from "../../errors.ts";
import { beginMerge, type MergeTransaction } from "../../store/merge.ts";
import { execute, type Query, query, rows, text } from "../../store/query.ts";
import type { Reader } from "../../store/session-types.ts";
import { identifier, sql } from "../../store/sql.ts";
import type { MergePlan, TableWrites } from "./plan-merge.ts";
import { deleteRow, inPackets, upsertRows } from "./write-rows.ts";

/** Joins the other side's rows into the transaction, lays the plan over what Dolt made of them, and checks all. */
export async function settleMerge(merge: MergeTransaction, plan: MergePlan): Promise<void> {
  const [, inConflict, violated, differing] = await merge.all([
    beginMerge(merge.ends.theirs),
    rows(sql`SELECT \`table\` AS name FROM dolt_conflicts`, (row) => text(row, "name")),
    rows(sql`SELECT \`table\` AS name FROM dolt_constraint_violations`, (row) => text(row, "name")),
    rows(sql`SELECT table_name AS name FROM dolt_schema_conflicts`, (row) => text(row, "name")),
  ]);
  if (differing.length > 0) throw tablesDiffer(differing);
  await inPackets(merge, [...plannedWrites(plan.writes), ...clearMarks({ inConflict, violated, whole: plan.whole })]);
  await checkConstraints(merge);
}

/**
 * Issues come first and go last: what belongs to them needs them, and goes with them. By then all that is to stay
 * belongs to its final issue.
 */
function plannedWrites(writes: readonly TableWrites[]): Query<number>[] {
  const issuesFirst = writes.toSorted((a, b) => Number(b.table === "issues") - Number(a.table === "issues"));
  const issuesLast = issuesFirst.toReversed();
  return [
    ...issuesFirst.flatMap(({ table, put }) => upsertRows(table, put)),
    ...issuesLast.flatMap(({ table, key, remove }) => remove.map((row) => deleteRow(table, keyOf(key, row)))),
  ];
}

function keyOf(key: readonly string[], row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(key.map((column) => [column, row[column]]));
}

interface Marks {
  /** Tables with rows that Dolt marked. */
  readonly inConflict: readonly string[];
  readonly violated: readonly string[];
  readonly whole: MergePlan["whole"];
}

/**
 * Takes away Dolt's marks on rows that are settled; in tables whose rows can't be written that settles them. What is
 * still wrong, `checkConstraints` finds.
 */
function clearMarks({ inConflict, violated, whole }: Marks): Query<number>[] {
  const settled = inConflict.map((table) => {
    const side = whole.get(table);
    return side === undefined
      ? sql`DELETE FROM ${identifier(`dolt_conflicts_${table}`)}`
      : sql`CALL DOLT_CONFLICTS_RESOLVE(${`--${side}`}, ${table})`;
  });
  const mended = violated.map((table) => sql`DELETE FROM ${identifier(`dolt_constraint_violations_${table}`)}`);
  return [...settled, ...mended].map(execute);
}

/** Throws BdError conflict MERGE_VIOLATIONS where the merged rows break a rule of the database. */
async function checkConstraints(reader: Reader): Promise<void> {
  const [, tables] = await reader.all([
    query(sql`CALL DOLT_VERIFY_CONSTRAINTS()`, () => {}),
    rows(sql`SELECT \`table\` AS name FROM dolt_constraint_violations`, (row) => text(row, "name")),
  ]);
  if (tables.length === 0) return;
  const found = await reader.all(tables.map(violationsOf));
  const items = [...new Set(found.flat())];
  throw new BdError(
    "conflict",
    "MERGE_VIOLATIONS",
    `the merged rows would break a rule of the database at ${items.slice(0, SHOWN).join(", ")}; the merge was undone`,
    { hint: command`bd dolt pull --dry-run`, details: { tables, items } },
  );
}

const SHOWN = 10;

/** What the broken rows belong to: the issue where they name one. */
function violationsOf(table: string): Query<string[]> {
  return rows(sql`SELECT * FROM ${identifier(`dolt_constraint_violations_${table}`)} LIMIT 100`, (row) => {
    const issue = text(row, "issue_id") || text(row, "id");
    return issue === "" ? table : `${table} of ${issue}`;
  });
}

function tablesDiffer(tables: readonly string[]): BdError {
  return new BdError(
    "schema",
    "SCHEMA_DIFFERS",
    `the tables ${tables.join(", ")} have another form on the remote; nothing was merged`,
    { hint: command`bd migrate --dry-run`, details: { tables } },
  );
}
