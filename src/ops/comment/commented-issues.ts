import type { Comment, Issue } from "../../core/issue/issue.ts";
import { commentsOf } from "../../store/queries/issue-parts.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { combine, type Query } from "../../store/query.ts";

/** Issues with what was said about them, oldest first. */
export function commentedIssues(
  selection: Selection,
): Query<{ readonly issue: Issue; readonly comments: readonly Comment[] }[]> {
  return combine([issuesOf(selection), commentsOf(selection)], (issues, comments) =>
    issues.map((issue) => ({ issue, comments: comments.get(issue.id) ?? [] })),
  );
}
