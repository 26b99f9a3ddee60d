import { isUtf8 } from "node:buffer";
import { resolve } from "node:path";
import * as z from "zod/mini";
import { mergeFiles } from "../../core/jsonl-merge/merge-files.ts";
import { BdError, command } from "../../errors.ts";
import { readStream } from "../../host/read-file.ts";
import { writeTextFile } from "../../host/write-file.ts";
import { defineOperation } from "../operation.ts";

export const MergeFilesInput = z.strictObject({
  base: z.string(),
  ours: z.string(),
  theirs: z.string(),
  /** Where the result goes; it may be one of the three. */
  output: z.string(),
  /** How long conflict markers are. */
  marker_size: z.int().check(z.minimum(1), z.maximum(1000)),
  /** A line that one side has no more deletes its issue, whatever the other side changed. */
  implicit_deletes: z.optional(z.boolean()),
  /** What people call the file. */
  name: z.string(),
});

export type MergeFilesInput = z.infer<typeof MergeFilesInput>;

const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Merges three versions of a file with an issue a line. It asks no database and no workspace.
 * Throws BdError rejected MERGE_UNREADABLE (lines that are no JSON stand between conflict markers, the rest is merged),
 * FILE_NOT_TEXT (nothing was written), config as `readStream` and `writeTextFile`.
 */
export const mergeIssueFiles = defineOperation({
  name: "data.merge-files",
  access: "machine",
  // Nothing of the tracker: and a merge of git asks no settings of anybody's.
  changesNothing: true,
  input: MergeFilesInput,
  async run({ folder }, { base, ours, theirs, ...rest }: MergeFilesInput): Promise<{ output: string }> {
    const files = {
      base: await textOfFile(resolve(folder, base)),
      ours: await textOfFile(resolve(folder, ours)),
      theirs: await textOfFile(resolve(folder, theirs)),
    };
    const { text, unreadable } = mergeFiles(files, rest.marker_size, {
      implicitDeletes: rest.implicit_deletes === true,
    });
    writeTextFile(resolve(folder, rest.output), text);
    if (unreadable > 0) throw mergeUnreadable(rest.name, unreadable);
    return { output: rest.output };
  },
  wire: {
    of: ({ output }) => ({ output }),
    schema: () => z.looseObject({ output: z.string().check(z.describe("The file that holds the merge.")) }),
  },
});

async function textOfFile(path: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readStream(path, { maxBytes: MOST_BYTES })) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new BdError("rejected", "FILE_NOT_TEXT", `${path} is not UTF-8: nothing was merged`, {
    hint: command`bd merge-driver --help`,
    details: { path },
  });
}

function mergeUnreadable(name: string, count: number): BdError {
  const lines = count === 1 ? "1 line" : `${count} lines`;
  return new BdError(
    "rejected",
    "MERGE_UNREADABLE",
    `${name}: ${lines} could not be read and stand${count === 1 ? "s" : ""} between conflict markers; all others are merged`,
    { hint: command`bd merge-driver --help`, details: { file: name, lines: count } },
  );
}
