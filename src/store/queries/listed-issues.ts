import { type Dependency, type Issue, type IssueWithCounts, withParts } from "../../core/issue.ts";
import { combine, type Query } from "../query.ts";
import { commentCountsOf, dependenciesOf, dependentCountsOf, labelsOf, partsOf } from "./issue-parts.ts";
import { issuesOf } from "./issues.ts";
import type { Selection } from "./selection.ts";

/** What lists show: each issue with labels, edges, counts and parent. Six statements, one packet, any size. */
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
      issues.map((issue) =>
        withParts(
          withCounts(issue, dependencies.get(issue.id) ?? [], {
            dependents: dependentCounts.get(issue.id) ?? 0,
            comments: commentCounts.get(issue.id) ?? 0,
          }),
          partsOf(issue.id, labels, dependencies),
        ),
      ),
  );
}

function withCounts(
  issue: Issue,
  edges: readonly Dependency[],
  counts: { readonly dependents: number; readonly comments: number },
): IssueWithCounts {
  const parent = edges.find((edge) => edge.type === "parent-child")?.depends_on_id;
  return {
    ...issue,
    dependency_count: edges.filter((edge) => edge.type === "blocks").length,
    dependent_count: counts.dependents,
    comment_count: counts.comments,
    ...(parent === undefined ? {} : { parent }),
  };
}
