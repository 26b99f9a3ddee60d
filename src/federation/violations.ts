import { BdError } from "../errors.ts";
import { execute, type Query, query, rows, text } from "../store/query.ts";
import { identifier, list, sql } from "../store/sql.ts";
import type { Reader } from "../store/store.ts";
import { CHILD_TABLES } from "./table-changes.ts";

/**
 * Brings issues back that one side deleted and the other changed, as the other has them, with all that hangs on them:
 * the deletion took that along. What the merge left of it stays.
 */
export function restoreIssues(commit: string, ids: readonly string[]): Query<number>[] {
  if (ids.length === 0) return [];
  const issues = sql`INSERT IGNORE INTO issues SELECT * FROM issues AS OF ${commit} WHERE id IN ${list(ids)}`;
  const children = CHILD_TABLES.map((table) => {
    const name = identifier(table);
    return sql`INSERT IGNORE INTO ${name} SELECT * FROM ${name} AS OF ${commit} WHERE issue_id IN ${list(ids)}`;
  });
  const pointing = sql`INSERT IGNORE INTO dependencies SELECT d.* FROM dependencies AS OF ${commit} AS d
    JOIN issues i ON i.id = d.issue_id WHERE d.depends_on_id IN ${list(ids)}`;
  return [issues, ...children, pointing].map(execute);
}

/** Takes away Dolt's marks on rows that are settled; what is still wrong, `checkConstraints` finds. */
export function clearMarks(inConflict: readonly string[], violated: readonly string[]): Query<number>[] {
  return [
    ...inConflict.map((table) => execute(sql`DELETE FROM ${identifier(`dolt_conflicts_${table}`)}`)),
    ...violated.map((table) => execute(sql`DELETE FROM ${identifier(`dolt_constraint_violations_${table}`)}`)),
  ];
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
    { hint: "bd dolt pull --dry-run", details: { tables, items } },
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
