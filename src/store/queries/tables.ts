import { identifier, type Sql, sql } from "../sql.ts";

/** Issues live in two families of tables: versioned ones, and wisps, which Dolt ignores and which have no history. */
export interface TableFamily {
  readonly name: "issues" | "wisps";
  readonly issues: Sql;
  readonly labels: Sql;
  readonly dependencies: Sql;
  readonly comments: Sql;
  readonly events: Sql;
}

export const ISSUE_TABLES: TableFamily = {
  name: "issues",
  issues: identifier("issues"),
  labels: identifier("labels"),
  dependencies: identifier("dependencies"),
  comments: identifier("comments"),
  events: identifier("events"),
};

export const WISP_TABLES: TableFamily = {
  name: "wisps",
  issues: identifier("wisps"),
  labels: identifier("wisp_labels"),
  dependencies: identifier("wisp_dependencies"),
  comments: identifier("wisp_comments"),
  events: identifier("wisp_events"),
};

/** The versioned tables as they were in a commit, to be read. */
export function issueTablesAt(commit: string): TableFamily {
  const at = (table: Sql) => sql`${table} AS OF ${commit}`;
  const { name, issues, labels, dependencies, comments, events } = ISSUE_TABLES;
  return {
    name,
    issues: at(issues),
    labels: at(labels),
    dependencies: at(dependencies),
    comments: at(comments),
    events: at(events),
  };
}
