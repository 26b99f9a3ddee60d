import * as z from "zod/mini";
import { deletedIds } from "../../store/queries/deleted-ids.ts";
import { type IssueName, issueNames } from "../../store/queries/issue-names.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { defineOperation } from "../operation.ts";

const WordsInput = z.strictObject({
  /** What the ids begin with. */
  prefix: z.string(),
  limit: z.int().check(z.gte(1)),
  /** Issues that were deleted, instead of those that are there. */
  deleted: z.optional(z.boolean()),
});

export interface ProjectWords {
  readonly issues: readonly IssueName[];
  /** Ids of deleted ones, where they were asked for. */
  readonly deleted: readonly string[];
  /** Of the project's own. */
  readonly statuses: readonly string[];
  readonly types: readonly string[];
}

/** What can be typed that only the database knows. It waits for no server that does not answer at once. */
export const projectWords = defineOperation({
  name: "completion.words",
  access: "read",
  input: WordsInput,
  run: (context, { prefix, limit, deleted }: z.infer<typeof WordsInput>): Promise<ProjectWords> =>
    context.read(
      async (reader) => {
        const [config, issues] = await reader.all([projectConfig, issueNames(prefix, limit)]);
        const gone = deleted === true ? await deletedIds(reader, prefix) : [];
        return {
          issues,
          deleted: gone,
          statuses: config.customStatuses.map(({ name }) => name),
          types: config.customTypes,
        };
      },
      { waits: false },
    ),
  wire: {
    of: (output) => output,
    schema: () =>
      z.looseObject({
        issues: z.array(z.looseObject({ id: z.string(), title: z.string(), status: z.string() })),
        deleted: z.array(z.string()),
        statuses: z.array(z.string()),
        types: z.array(z.string()),
      }),
  },
});
