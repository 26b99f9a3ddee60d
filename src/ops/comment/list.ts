import * as z from "zod/mini";
import type { Comment, Issue } from "../../core/issue.ts";
import { commentsOf } from "../../store/queries/issue-parts.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { combine, type Query } from "../../store/query.ts";
import { loadNamed, NOTHING_BESIDE } from "../issue/named-issues.ts";
import { sayMoved } from "../issue/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { commentSchema } from "../wire/issue-schemas.ts";

const OneIssue = z.strictObject({ id: z.string() });

export interface CommentsOfIssue {
  readonly id: string;
  /** Oldest first. */
  readonly comments: readonly Comment[];
}

/** Throws BdError not-found. */
export const listComments = defineOperation({
  name: "comment.list",
  access: "read",
  input: OneIssue,
  async run(context, { id }: z.infer<typeof OneIssue>): Promise<CommentsOfIssue> {
    const { items, failures, moved } = await context.read((reader) =>
      loadNamed(reader, [id], { load: commentedIssues, beside: NOTHING_BESIDE }),
    );
    const [failure] = failures;
    if (failure !== undefined) throw failure.error;
    await sayMoved(context, moved);
    const found = items[0]?.found;
    return { id: found?.issue.id ?? id, comments: found?.comments ?? [] };
  },
  wire: { of: ({ comments }) => comments, schema: () => z.array(commentSchema()) },
});

function commentedIssues(selection: Selection): Query<{ issue: Issue; comments: readonly Comment[] }[]> {
  return combine([issuesOf(selection), commentsOf(selection)], (issues, comments) =>
    issues.map((issue) => ({ issue, comments: comments.get(issue.id) ?? [] })),
  );
}
