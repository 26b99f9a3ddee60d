import type { Comment, Dependency, Issue } from "../../core/issue/issue.ts";
import { combine, number, type Query, rows, text } from "../query.ts";
import { sql } from "../sql.ts";
import { commentsOf, dependenciesOf, dependentCountsOf, labelsOf } from "./issue-parts.ts";
import { issuesOf } from "./issues.ts";
import { selectIds } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily, WISP_TABLES } from "./tables.ts";

/** An issue's place in the export, and where it is kept. */
export interface ExportPlace {
  readonly id: string;
  readonly priority: number;
  /** As the column gives it, which sorts as text. */
  readonly createdAt: string;
  readonly tables: TableFamily;
}

/** Every issue's place, and every wisp's; without `ephemeral` only of wisps that are kept. In no order. */
export function exportPlaces({ ephemeral }: { readonly ephemeral: boolean }): Query<ExportPlace[]> {
  return combine([placesIn(ISSUE_TABLES, true), placesIn(WISP_TABLES, ephemeral)], (issues, wisps) => [
    ...issues,
    ...wisps,
  ]);
}

function placesIn(tables: TableFamily, ephemeral: boolean): Query<ExportPlace[]> {
  const condition = ephemeral ? sql`TRUE` : sql`(i.ephemeral = 0 OR i.ephemeral IS NULL)`;
  return rows(sql`SELECT i.id, i.priority, i.created_at FROM ${tables.issues} i WHERE ${condition}`, (row) => ({
    id: text(row, "id"),
    priority: number(row, "priority"),
    createdAt: text(row, "created_at"),
    tables,
  }));
}

/** An issue with all that its line tells. */
export interface ExportedIssue {
  readonly issue: Issue;
  readonly labels: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly comments: readonly Comment[];
  /** `blocks` edges that end at it. */
  readonly dependentCount: number;
}

export function exportedIssues(tables: TableFamily, ids: readonly string[]): Query<ExportedIssue[]> {
  const selection = selectIds(tables, ids);
  return combine(
    [
      selection.choose,
      issuesOf(selection),
      labelsOf(selection),
      dependenciesOf(selection),
      commentsOf(selection),
      dependentCountsOf(selection),
    ],
    (_chosen, issues, labels, dependencies, comments, dependents) =>
      issues.map((issue) => ({
        issue,
        labels: labels.get(issue.id) ?? [],
        dependencies: dependencies.get(issue.id) ?? [],
        comments: comments.get(issue.id) ?? [],
        dependentCount: dependents.get(issue.id) ?? 0,
      })),
  );
}
