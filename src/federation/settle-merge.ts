import { BdError, command } from "../errors.ts";
import { beginMerge, type MergeTransaction } from "../store/merge.ts";
import { rows, text } from "../store/query.ts";
import { sql } from "../store/sql.ts";
import type { MergePlan, SettledRow } from "./merge-plan.ts";
import { renameIssues } from "./rename-issues.ts";
import { CHILD_TABLES } from "./table-changes.ts";
import { checkConstraints, clearMarks, restoreIssues } from "./violations.ts";
import { addRows, commentRow, deleteRow, deleteWhere, inPackets, upsertRows } from "./write-rows.ts";

/** Joins the other side's rows into the transaction, puts what the plan says in place of conflicts, and checks all. */
export async function settleMerge(merge: MergeTransaction, plan: MergePlan): Promise<void> {
  const { ours, theirs } = merge.ends;
  const [, inConflict, violated, differing] = await merge.all([
    beginMerge(theirs),
    rows(sql`SELECT \`table\` AS name FROM dolt_conflicts`, (row) => text(row, "name")),
    rows(sql`SELECT \`table\` AS name FROM dolt_constraint_violations`, (row) => text(row, "name")),
    rows(sql`SELECT table_name AS name FROM dolt_schema_conflicts`, (row) => text(row, "name")),
  ]);
  if (differing.length > 0) throw tablesDiffer(differing);
  await restoreIssues(merge, ours, plan.restored.ours);
  await restoreIssues(merge, theirs, plan.restored.theirs);
  await inPackets(merge, [...deletedIssues(plan.deleted), ...settledRows(plan.rows)]);
  await renameIssues(merge, plan.renamed);
  await inPackets(merge, [
    ...addRows("comments", plan.comments.map(commentRow)),
    ...clearMarks({ inConflict, violated, whole: plan.whole }),
  ]);
  await checkConstraints(merge);
}

/** With all that belongs to them: what Dolt brought back has lost its issue, maybe, and goes with nothing else. */
function deletedIssues(ids: readonly string[]) {
  if (ids.length === 0) return [];
  const children = CHILD_TABLES.map((table) => deleteWhere(table, "issue_id", ids));
  return [...children, deleteWhere("dependencies", "depends_on_id", ids), deleteWhere("issues", "id", ids)];
}

/** Issues first: what hangs on them needs them. */
function settledRows(settled: readonly SettledRow[]) {
  const byTable = [...Map.groupBy(settled, ({ table }) => table.name)];
  const ordered = byTable.toSorted(([a], [b]) => Number(b === "issues") - Number(a === "issues"));
  return ordered.flatMap(([table, rowsOfTable]) => [
    ...upsertRows(
      table,
      rowsOfTable.flatMap(({ row }) => (row === undefined ? [] : [row])),
    ),
    ...rowsOfTable.filter(({ row }) => row === undefined).map(({ key }) => deleteRow(table, key)),
  ]);
}

function tablesDiffer(tables: readonly string[]): BdError {
  return new BdError(
    "schema",
    "SCHEMA_DIFFERS",
    `the tables ${tables.join(", ")} have another form on the remote; nothing was merged`,
    { hint: command`bd migrate --dry-run`, details: { tables } },
  );
}
