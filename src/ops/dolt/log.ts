import * as z from "zod/mini";
import { type CommitLine, countCommits, listCommits } from "../../federation/compare.ts";
import { defineOperation } from "../operation.ts";
import { commitHash, time } from "../wire/formats.ts";

const LogInput = z.strictObject({
  /** 0 for all. */
  limit: z.number().check(z.int(), z.nonnegative()),
});

export interface LogResult {
  readonly commits: readonly CommitLine[];
  readonly total: number;
}

const ALL = 1_000_000_000;

/** The commits of the database, newest first. */
export const showLog = defineOperation({
  name: "dolt.log",
  access: "read",
  input: LogInput,
  async run(context, { limit }: z.infer<typeof LogInput>): Promise<LogResult> {
    const [commits, total] = await context.read((reader) =>
      reader.all([listCommits(undefined, "HEAD", limit === 0 ? ALL : limit), countCommits(undefined, "HEAD")]),
    );
    return { commits, total };
  },
  wire: {
    of: ({ commits }) => commits,
    schema: () =>
      z.array(
        z.looseObject({
          hash: commitHash(),
          author: z.string(),
          email: z.string(),
          date: time(),
          message: z.string(),
          operation_id: z.optional(z.string()),
        }),
      ),
  },
});
