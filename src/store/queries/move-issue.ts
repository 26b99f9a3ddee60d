import { execute, type Query, rows, text } from "../query.ts";
import { identifier, join, raw, type Sql, sql } from "../sql.ts";
import { deleteIssues } from "./deletion.ts";
import type { TableFamily } from "./tables.ts";

/** The columns of `issues`, which `wisps` has too. */
export const issueColumns: Query<string[]> = rows(
  sql`SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'issues' ORDER BY ORDINAL_POSITION`,
  (row) => text(row, "name"),
);

type PartTable = Exclude<keyof TableFamily, "name" | "issues">;

/** What hangs on an issue, as `issues` wants it: wisps may lack a name or a time. */
const PARTS: Readonly<Record<PartTable, readonly (readonly [column: string, absent?: string])[]>> = {
  labels: [["issue_id"], ["label"]],
  dependencies: [
    ["issue_id"],
    ["depends_on_id"],
    ["type"],
    ["created_at", "CURRENT_TIMESTAMP"],
    ["created_by", "''"],
    ["metadata"],
    ["thread_id"],
  ],
  comments: [["id"], ["issue_id"], ["author", "''"], ["text"], ["created_at", "CURRENT_TIMESTAMP"]],
  events: [
    ["id"],
    ["issue_id"],
    ["event_type"],
    ["actor", "''"],
    ["old_value"],
    ["new_value"],
    ["comment"],
    ["created_at", "CURRENT_TIMESTAMP"],
  ],
};

interface Move {
  readonly from: TableFamily;
  readonly to: TableFamily;
  readonly id: string;
  /** See `issueColumns`. */
  readonly columns: readonly string[];
}

/** Moves an issue to the other family, with all that hangs on it. What ends at it stays, and finds it there. */
export function moveIssue({ from, to, id, columns }: Move): Query<number>[] {
  const names = join(
    columns.map((column) => identifier(column)),
    ", ",
  );
  const parts: readonly PartTable[] = ["labels", "dependencies", "comments", "events"];
  return [
    // What another program left there of an issue that is gone.
    ...deleteIssues(to, [id]),
    execute(sql`INSERT INTO ${to.issues} (${names}) SELECT ${names} FROM ${from.issues} WHERE id = ${id}`),
    ...parts.map((part) => copyPart(from[part], to[part], { id, columns: PARTS[part] })),
    ...deleteIssues(from, [id]),
  ];
}

function copyPart(
  from: Sql,
  to: Sql,
  { id, columns }: { readonly id: string; readonly columns: (typeof PARTS)[PartTable] },
): Query<number> {
  const names = raw(columns.map(([column]) => column).join(", "));
  const values = raw(
    columns.map(([column, absent]) => (absent === undefined ? column : `COALESCE(${column}, ${absent})`)).join(", "),
  );
  return execute(sql`INSERT INTO ${to} (${names}) SELECT ${values} FROM ${from} WHERE issue_id = ${id}`);
}
