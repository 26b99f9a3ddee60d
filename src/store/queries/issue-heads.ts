import { toWireTime } from "../../core/time/wire-time.ts";
import { combine, number, type Query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import type { ByIssue } from "./issue-parts.ts";
import { type Selection, selected } from "./selection.ts";

/** As much of an issue as a line about another one tells of it. */
export interface IssueHead {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly priority: number;
  readonly issue_type: string;
  /** Wire time. */
  readonly updated_at: string;
}

export function issueHeads(selection: Selection): Query<ByIssue<IssueHead>> {
  const heads = rows(
    sql`SELECT i.id, i.title, i.status, i.priority, i.issue_type, i.updated_at FROM ${selected(selection)}
      JOIN ${selection.tables.issues} i ON i.id = v.id`,
    (row): IssueHead => ({
      id: text(row, "id"),
      title: text(row, "title"),
      status: text(row, "status"),
      priority: number(row, "priority"),
      issue_type: text(row, "issue_type"),
      updated_at: toWireTime(text(row, "updated_at")),
    }),
  );
  return combine([selection.choose, heads], (_chosen, found) => new Map(found.map((head) => [head.id, head])));
}
