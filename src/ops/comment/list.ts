import * as z from "zod/mini";
import type { Comment } from "../../core/issue/issue.ts";
import { loadNamed, NOTHING_BESIDE } from "../named-issues/named-issues.ts";
import { sayMoved } from "../named-issues/say-moved.ts";
import { defineOperation } from "../operation.ts";
import { commentSchema } from "../wire/issue-schemas.ts";
import { commentedIssues } from "./commented-issues.ts";

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
