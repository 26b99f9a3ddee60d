import type { IssueColumn } from "./queries/issue-rows.ts";
import type { SqlValue } from "./sql.ts";

/** The tables that we write, for the statement builder. The test of the migrations compares the schema itself. */
export interface Database {
  issues: IssuesTable;
  wisps: IssuesTable;
  labels: LabelsTable;
  wisp_labels: LabelsTable;
  dependencies: DependenciesTable;
  wisp_dependencies: DependenciesTable;
  comments: CommentsTable;
  wisp_comments: CommentsTable;
  events: EventsTable;
  wisp_events: EventsTable;
  config: KeyValueTable;
  metadata: KeyValueTable;
  custom_statuses: { name: string; category: string };
  custom_types: { name: string };
  child_counters: { parent_id: string; last_child: number };
  issue_counter: { prefix: string; last_id: number };
}

/** All columns that carry an issue's fields, and the hash that the peer keeps. */
export type IssuesTable = Record<IssueColumn, SqlValue> & { content_hash: string | null; source_repo: string };

export interface LabelsTable {
  issue_id: string;
  label: string;
}

export interface DependenciesTable {
  issue_id: string;
  depends_on_id: string;
  type: string;
  /** `YYYY-MM-DD HH:MM:SS`, UTC, as in every table. */
  created_at: string;
  created_by: string;
  metadata: string | null;
  thread_id: string;
}

export interface CommentsTable {
  id: string;
  issue_id: string;
  author: string;
  text: string;
  created_at: string;
}

export interface EventsTable {
  id: string;
  issue_id: string;
  event_type: string;
  actor: string;
  old_value: string | null;
  new_value: string | null;
  comment: string | null;
  created_at: string;
}

export interface KeyValueTable {
  key: string;
  value: string;
}
