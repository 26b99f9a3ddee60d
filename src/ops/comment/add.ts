import * as z from "zod/mini";
import type { Comment, Issue } from "../../core/issue/issue.ts";
import { checkText } from "../../core/text-limits.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { lastCommentTimesOf } from "../../store/queries/issue-parts.ts";
import { issuesOf } from "../../store/queries/issues.ts";
import type { Selection } from "../../store/queries/selection.ts";
import { insertComments } from "../../store/queries/write-issues.ts";
import { combine, type Query } from "../../store/query.ts";
import { familyNames } from "../issue/write/write-and-read.ts";
import { loadNamed, NOTHING_BESIDE, oneNamed } from "../named-issues/named-issues.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { commentSchema } from "../wire/issue-schemas.ts";
import { checkComment } from "./check-comment.ts";

export const CommentInput = z.strictObject({
  id: z.string(),
  text: z.string(),
  /** Default: the actor. */
  author: z.optional(z.string()),
});

export interface CommentResult {
  readonly issue: Pick<Issue, "id" | "title">;
  readonly comment: Comment;
}

/** Throws BdError usage NO_COMMENT_TEXT, and for texts that are too long; not-found. */
export const addComment = defineOperation({
  name: "comment.add",
  access: "write",
  input: CommentInput,
  async run(context, input: z.infer<typeof CommentInput>): Promise<CommentResult> {
    const author = input.author ?? (await context.actor()).name;
    checkComment(input.text);
    checkText("author", author);
    const commentId = context.newId();
    let id = "";
    let moved = NOBODY_MOVED;
    const result = await context.write(
      () => `bd: comment ${id}`,
      async (tx) => {
        const named = await loadNamed(tx, [input.id], { load: commentedIssues, beside: NOTHING_BESIDE });
        moved = named.moved;
        const item = oneNamed(named);
        const { issue, lastComment } = item.found;
        id = issue.id;
        const at = changeTime(tx.now(), issue.updated_at, lastComment);
        const comment = { id: commentId, issue_id: id, author, text: input.text, created_at: at };
        await tx.all([insertComments(familyNames(item.tables), [comment])]);
        return { issue, comment };
      },
    );
    await sayMoved(context, moved);
    return result;
  },
  wire: { of: ({ comment }) => comment, schema: () => commentSchema() },
});

interface Target {
  readonly issue: Issue;
  /** Wire time. */
  readonly lastComment: string | undefined;
}

function commentedIssues(selection: Selection): Query<Target[]> {
  return combine([issuesOf(selection), lastCommentTimesOf(selection)], (issues, times) =>
    issues.map((issue) => ({ issue, lastComment: times.get(issue.id) })),
  );
}
