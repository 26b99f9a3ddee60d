import * as z from "zod/mini";
import type { Comment, Issue } from "../../core/issue/issue.ts";
import { deleteComment, type PlacedComment, updateComment } from "../../store/queries/comment-rows.ts";
import type { Query } from "../../store/query.ts";
import type { WriteContext } from "../context.ts";
import { NOBODY_MOVED, sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { commentSchema } from "../wire/issue-schemas.ts";
import { checkComment } from "./check-comment.ts";
import { type CommentRequest, findComment } from "./find-comment.ts";

const TARGET = {
  /** An issue: of its comments the last one by the actor. Or a comment's id, or its beginning or end. */
  target: z.string(),
  force: z.boolean(),
};
const EditInput = z.strictObject({ ...TARGET, text: z.string() });
const DeleteInput = z.strictObject(TARGET);

export interface ChangedComment {
  readonly issue: Pick<Issue, "id" | "title">;
  /** As it is now; of a deleted one, as it was. */
  readonly comment: Comment;
}

/** Throws what `findComment` does; BdError usage NO_COMMENT_TEXT, and for texts that are too long. */
export const editComment = defineOperation({
  name: "comment.edit",
  access: "write",
  input: EditInput,
  async run(context, { text, ...named }: z.infer<typeof EditInput>): Promise<ChangedComment> {
    checkComment(text);
    return change(context, named, {
      verb: "edit",
      write: ({ tables, comment }) => (comment.text === text ? [] : [updateComment(tables, { id: comment.id, text })]),
      after: (comment) => ({ ...comment, text }),
    });
  },
  wire: { of: ({ comment }) => comment, schema: () => commentSchema() },
});

/** Throws what `findComment` does. */
export const removeComment = defineOperation({
  name: "comment.delete",
  access: "write",
  input: DeleteInput,
  run: (context, named: z.infer<typeof DeleteInput>): Promise<ChangedComment> =>
    change(context, named, {
      verb: "delete",
      write: ({ tables, comment }) => [deleteComment(tables, comment.id)],
      after: (comment) => comment,
    }),
  wire: {
    of: ({ comment }) => ({ ...comment, deleted: true }),
    schema: () => z.extend(commentSchema(), { deleted: z.literal(true) }),
  },
});

interface Change {
  readonly verb: string;
  readonly write: (found: PlacedComment) => readonly Query<number>[];
  readonly after: (comment: Comment) => Comment;
}

async function change(
  context: WriteContext,
  named: Omit<CommentRequest, "actor">,
  { verb, write, after }: Change,
): Promise<ChangedComment> {
  const actor = (await context.actor()).name;
  let id = "";
  let moved = NOBODY_MOVED;
  const changed = await context.write(
    () => `bd: ${verb} comment ${id}`,
    async (tx) => {
      const found = await findComment(tx, { ...named, actor });
      const { comment, title } = found;
      id = comment.issue_id;
      moved = found.moved;
      await tx.all(write(found));
      return { issue: { id, title }, comment: after(comment) };
    },
  );
  await sayMoved(context, moved);
  return changed;
}
