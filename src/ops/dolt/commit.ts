import * as z from "zod/mini";
import { defineOperation } from "../operation.ts";
import { commitHash } from "../wire/formats.ts";

const CommitInput = z.strictObject({
  message: z.string().check(z.regex(/\S/, "a commit needs a message")),
});

export interface CommitResult {
  /** The Dolt commit; undefined where nothing was left to commit. */
  readonly commit: string | undefined;
}

/** Commits what other programs left in the working set; our own writes leave nothing there. */
export const commitWorkingSet = defineOperation({
  name: "dolt.commit",
  access: "write",
  input: CommitInput,
  run: async (context, { message }: z.infer<typeof CommitInput>): Promise<CommitResult> => ({
    commit: await context.commitWorkingSet(message),
  }),
  wire: {
    of: ({ commit }) => ({ committed: commit !== undefined, commit }),
    schema: () => z.looseObject({ committed: z.boolean(), commit: z.optional(commitHash()) }),
  },
});
