import { type Issue, withParts } from "../../core/issue.ts";
import { combine, type Query } from "../query.ts";
import { labelsOf } from "./issue-parts.ts";
import { issuesOf } from "./issues.ts";
import type { Selection } from "./selection.ts";

/** Those issues of a selection that there are, with their labels. The selection must have been chosen before. */
export function labelledIssues(selection: Selection): Query<Issue[]> {
  return combine([issuesOf(selection), labelsOf(selection)], (issues, labels) =>
    issues.map((issue) => withParts(issue, { labels: labels.get(issue.id) })),
  );
}
