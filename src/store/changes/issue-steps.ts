import type { HistoryTable, StepChange } from "../../core/changes/issue-history.ts";
import type { CommitStep } from "../../core/merge/commit-graph.ts";
import { combine, type Query, type Row, rows, text } from "../query.ts";
import { identifier, join, list, NOTHING, raw, type Sql, sql } from "../sql.ts";
import { rowChange } from "./table-changes.ts";

/** By table the columns that name an issue, and what is read of a row. */
const TABLES: Readonly<Record<HistoryTable, readonly string[]>> = {
  issues: ["id"],
  labels: ["issue_id"],
  dependencies: ["issue_id", "depends_on_id"],
  comments: ["issue_id"],
  events: ["issue_id"],
};

const HISTORY_TABLES = ["issues", "labels", "dependencies", "comments", "events"] as const;

/** Of events only those are read that say what the rows don't, and of these only that. */
const EVENT_COLUMNS = raw(
  ["diff_type", "to_commit", "from_commit"]
    .concat(["id", "issue_id", "event_type", "actor", "new_value", "comment", "created_at"].map((name) => `to_${name}`))
    .join(", "),
);
const TELLING_EVENT = sql`AND diff_type = 'added' AND (to_event_type = 'claimed'
  OR (to_event_type IN ('updated', 'commented') AND to_comment <> ''))`;

/** What differs of issues of these ids in each commit from its parent, as Dolt's tables of differences know it. */
export function issueSteps(ids: readonly string[]): Query<StepChange[]> {
  const found = HISTORY_TABLES.map((table) =>
    changesIn(table, identifier(`dolt_diff_${table}`), sql`to_commit <> 'WORKING' AND (${naming(table, ids)})`),
  );
  return combine(found, (...tables) => tables.flat());
}

/** The same for one step, which those tables may not know. */
export function issueStep(ids: readonly string[], { from, to }: CommitStep): Query<StepChange[]> {
  const found = HISTORY_TABLES.map((table) =>
    changesIn(table, sql`DOLT_DIFF(${from}, ${to}, ${table})`, naming(table, ids)),
  );
  return combine(found, (...tables) => tables.flat().map((change) => ({ ...change, step: { from, to } })));
}

function changesIn(table: HistoryTable, source: Sql, condition: Sql): Query<StepChange[]> {
  const [columns, telling] = table === "events" ? [EVENT_COLUMNS, TELLING_EVENT] : [raw("*"), NOTHING];
  return rows(sql`SELECT ${columns} FROM ${source} WHERE ${condition} ${telling}`, (row) => stepChange(table, row));
}

function stepChange(table: HistoryTable, row: Row): StepChange {
  const [, change] = rowChange(row, []);
  return { table, change, step: { from: text(row, "from_commit"), to: text(row, "to_commit") } };
}

function naming(table: HistoryTable, ids: readonly string[]): Sql {
  const sides = table === "events" ? ["to"] : ["to", "from"];
  const conditions = sides.flatMap((side) =>
    TABLES[table].map((column) => sql`${identifier(`${side}_${column}`)} IN ${list(ids)}`),
  );
  return join(conditions, " OR ");
}
