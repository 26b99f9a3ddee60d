import { BdError, command } from "../errors.ts";
import { combine, execute, type Query, query, rows, text } from "../store/query.ts";
import { identifier, join, list, NOTHING, type Sql, sql } from "../store/sql.ts";
import type { Reader } from "../store/store.ts";
import type { MergePlan } from "./merge-plan.ts";
import { CHILD_TABLES } from "./table-changes.ts";
import { inPackets } from "./write-rows.ts";

/**
 * Brings issues back that one side deleted and the other changed, as the other has them, with all that hangs on them:
 * the deletion took that along. What the merge left of it stays.
 */
export async function restoreIssues(reader: Reader, commit: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const tables = ["issues", ...CHILD_TABLES] as const;
  const columns = await reader.all(tables.map((table) => commonColumns(table, commit)));
  const restoring = tables.map((table, index) => {
    const [name, own] = [identifier(table), columns[index] ?? []];
    const wanted =
      table === "issues"
        ? sql`s.id IN ${list(ids)}`
        : sql`s.issue_id IN ${list(ids)}${table === "dependencies" ? pointingTo(ids) : NOTHING}`;
    return execute(
      sql`INSERT IGNORE INTO ${name} (${join(own.map(identifier), ", ")})
        SELECT ${join(own.map(sourceColumn), ", ")} FROM ${name} AS OF ${commit} AS s WHERE ${wanted}`,
    );
  });
  await inPackets(reader, restoring);
}

/** Dependencies of other issues on the restored ones, as far as those are there. */
function pointingTo(ids: readonly string[]): Sql {
  return sql` OR (s.depends_on_id IN ${list(ids)} AND s.issue_id IN (SELECT id FROM issues))`;
}

/** The columns that a table has both at the commit and now: either side may have got one that the other lacks. */
function commonColumns(table: string, commit: string): Query<string[]> {
  const names = (statement: Sql) => rows(statement, (row) => text(row, "Field"));
  return combine(
    [
      names(sql`SHOW COLUMNS FROM ${identifier(table)} AS OF ${commit}`),
      names(sql`SHOW COLUMNS FROM ${identifier(table)}`),
    ],
    (then, now) => then.filter((column) => now.includes(column)),
  );
}

function sourceColumn(name: string): Sql {
  return sql`s.${identifier(name)}`;
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
export function clearMarks({ inConflict, violated, whole }: Marks): Query<number>[] {
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
export async function checkConstraints(reader: Reader): Promise<void> {
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
