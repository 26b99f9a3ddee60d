import { type Dependency, type IssueWithCounts, withParts } from "../../core/issue.ts";
import { combine, type Query } from "../query.ts";
import { commentCountsOf, dependenciesOf, dependentCountsOf, labelsOf, partsOf } from "./issue-parts.ts";
import { issuesOf } from "./issues.ts";
import type { Selection } from "./selection.ts";

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
