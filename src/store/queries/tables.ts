import { identifier, type Sql } from "../sql.ts";

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
