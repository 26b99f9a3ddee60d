import { type Dependency, type Issue, type IssueWithCounts, withParts } from "../../core/issue/issue.ts";
import type { IssueFilter } from "../../core/issue/issue-filter.ts";
import { combine, number, type Query, query } from "../query.ts";
import { raw, sql } from "../sql.ts";
import { filterConditions, prepared } from "./issue-filter.ts";
import { commentCountsOf, dependenciesOf, dependentCountsOf, labelsOf, partsOf } from "./issue-parts.ts";
import { ISSUE_COLUMNS, issueFromRow } from "./issue-rows.ts";
import { chosenIds, type Selection, selectedRows, selectIds } from "./selection.ts";
import { ISSUE_TABLES, type TableFamily } from "./tables.ts";

/** The issues of a selection, bare, in its order. */
export function issuesOf(selection: Selection): Query<Issue[]> {
  const { tables, unlimited } = selection;
  const joined = { columns: ISSUE_COLUMNS, from: sql`${tables.issues} i`, id: raw("i.id") };
  if (unlimited === undefined)
    return selectedRows(selection, { ...joined, ending: raw("ORDER BY v.place") }, issueFromRow);
  const unordered = selectedRows(selection, { ...joined, where: unlimited.conditions }, issueFromRow);
  // Dolt would sort whole rows, which takes half as long again as to read them.
  return combine([unordered, chosenIds(selection)], (issues, ids) => {
    const byId = new Map(issues.map((issue) => [issue.id, issue]));
    return ids.map((id) => byId.get(id)).filter((issue) => issue !== undefined);
  });
}

/** The issues with these ids, bare, in their order. `name` tells several selections of one packet apart. */
export function issuesByIds(tables: TableFamily, ids: readonly string[], name?: string): Query<Issue[]> {
  const selection = selectIds(tables, ids, name);
  return combine([selection.choose, issuesOf(selection)], (_chosen, issues) => issues);
}

/** The issues with these ids and their labels, in their order. `name` as in `issuesByIds`. */
export function labelledByIds(ids: readonly string[], name?: string): Query<Issue[]> {
  const selection = selectIds(ISSUE_TABLES, ids, name);
  return combine([selection.choose, labelledIssues(selection)], (_chosen, issues) => issues);
}

/** Whether there is an issue at all. */
export function anyIssue({ issues }: TableFamily): Query<boolean> {
  return query(sql`SELECT 1 AS one FROM ${issues} LIMIT 1`, ({ rows: found }) => found.length > 0);
}

/** How many issues a filter finds. */
export function countIssues(tables: TableFamily, filter: IssueFilter): Query<number> {
  const count = query(
    sql`SELECT COUNT(*) AS n FROM ${tables.issues} i WHERE ${filterConditions(filter, tables)}`,
    ({ rows: [row] }) => number(row ?? {}, "n"),
  );
  return prepared(filter, count);
}

/** Those issues of a selection that there are, with their labels. The selection must have been chosen before. */
export function labelledIssues(selection: Selection): Query<Issue[]> {
  return combine([issuesOf(selection), labelsOf(selection)], (issues, labels) =>
    issues.map((issue) => withParts(issue, { labels: labels.get(issue.id) })),
  );
}

/** What lists show: each issue with labels, edges, counts and parent. One packet, any size. */
export function listedIssues(selection: Selection): Query<IssueWithCounts[]> {
  return combine(
    [
      selection.choose,
      issuesOf(selection),
      labelsOf(selection),
      dependenciesOf(selection),
      dependentCountsOf(selection),
      commentCountsOf(selection),
    ],
    (_chosen, issues, labels, dependencies, dependentCounts, commentCounts) =>
      issues.map((issue) => {
        const parts = partsOf(issue.id, labels, dependencies);
        // Into the object that withParts makes: to spread it once more costs a long list a tenth of its time.
        return Object.assign(withParts(issue, parts), {
          dependency_count: (parts.dependencies ?? []).filter((edge) => edge.type === "blocks").length,
          dependent_count: dependentCounts.get(issue.id) ?? 0,
          comment_count: commentCounts.get(issue.id) ?? 0,
          ...parentAmong(parts.dependencies ?? []),
        });
      }),
  );
}

function parentAmong(edges: readonly Dependency[]): { readonly parent?: string } {
  const edge = edges.find(({ type }) => type === "parent-child");
  return edge === undefined ? {} : { parent: edge.depends_on_id };
}
