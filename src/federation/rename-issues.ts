import { parseChildId } from "../core/issue-id.ts";
import type { Row as CellRow, Side } from "../core/merge/cell.ts";
import { keptComments } from "../core/merge/kept-comments.ts";
import type { MergeTransaction } from "../store/merge.ts";
import { execute, type Query, rows } from "../store/query.ts";
import { identifier, list, sql } from "../store/sql.ts";
import type { Renamed } from "./merge-plan.ts";
import { CHILD_TABLES } from "./table-changes.ts";
import { addRows, commentRow, deleteWhere, inPackets, upsertRows } from "./write-rows.ts";

const SIDES: readonly Side[] = ["ours", "theirs"];

/**
 * Two issues were made under one id: one keeps it, the other moves to its new id with all that hangs on it. Rows that
 * name the old id follow on the side where the issue was made; texts stay as they were written. The base knows neither
 * issue, so both sides' rows are laid down anew.
 */
export async function renameIssues(merge: MergeTransaction, renamed: readonly Renamed[]): Promise<void> {
  if (renamed.length === 0) return;
  const ids = renamed.map(({ id }) => id);
  const clear = CHILD_TABLES.map((table) => deleteWhere(table, "issue_id", ids));
  await inPackets(merge, [...clear, deleteWhere("dependencies", "depends_on_id", ids)]);
  for (const side of SIDES) {
    const newIds = new Map(renamed.filter((one) => one.side === side).map(({ id, newId }) => [id, newId]));
    const tip = merge.ends[side];
    const tables = ["issues", ...CHILD_TABLES] as const;
    const answers = await merge.all(tables.map((table) => rowsAbout(table, tip, ids)));
    const statements = tables.flatMap((table, index) => {
      const moved = (answers[index] ?? []).map((row) => withNewIds(row, newIds));
      return table === "issues" ? upsertRows(table, moved) : addRows(table, moved);
    });
    await inPackets(merge, statements);
  }
  await inPackets(merge, renamed.flatMap(noteOldId));
}

/** The rows at a commit that are one of the issues, belong to it or point to it. */
function rowsAbout(table: string, commit: string, ids: readonly string[]): Query<CellRow[]> {
  const own = identifier(table === "issues" ? "id" : "issue_id");
  const points = table === "dependencies" ? sql` OR depends_on_id IN ${list(ids)}` : sql``;
  return rows(
    sql`SELECT * FROM ${identifier(table)} AS OF ${commit} WHERE ${own} IN ${list(ids)}${points}`,
    (row) => row,
  );
}

const ID_COLUMNS = ["id", "issue_id", "depends_on_id"] as const;

function withNewIds(row: CellRow, newIds: ReadonlyMap<string, string>): CellRow {
  const changed = ID_COLUMNS.flatMap((column) => {
    const newId = newIds.get(String(row[column]));
    return newId === undefined ? [] : [[column, newId]];
  });
  return { ...row, ...Object.fromEntries(changed) };
}

/** Who looks for the issue under its old id finds out here; and the number of a child is used up. */
function noteOldId({ id, newId, createdAt }: Renamed): Query<number>[] {
  const comments = keptComments({ issueId: newId, field: "id", text: id, date: createdAt }).map(commentRow);
  const child = parseChildId(newId);
  if (child === undefined) return addRows("comments", comments);
  const { parentId, ordinal } = child;
  const counter = execute(
    sql`INSERT INTO child_counters (parent_id, last_child) VALUES (${parentId}, ${ordinal})
      ON DUPLICATE KEY UPDATE last_child = GREATEST(last_child, VALUES(last_child))`,
  );
  return [...addRows("comments", comments), counter];
}
