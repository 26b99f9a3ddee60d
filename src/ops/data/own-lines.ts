import { basename, join } from "node:path";
import { BdError, command } from "../../errors.ts";
import { readStream } from "../../host/read-file.ts";
import type { BaseContext } from "../context.ts";
import { type ReadLines, readLines } from "./read-lines.ts";

const DEFAULT_NAME = "issues.jsonl";
/** All of it is kept in memory. A file that the person names may have any size. */
const MOST_BYTES = 512 * 1024 * 1024;

/** What people call a workspace's own JSONL file, or the one that it should have. */
export function jsonlName(path: string | undefined): string {
  return join(".beads", path === undefined ? DEFAULT_NAME : basename(path));
}

/**
 * Reads the workspace's own JSONL file, which `ownJsonlIn` found, or did not.
 * Throws BdError usage INPUT_UNREADABLE, config as `readStream`.
 */
export async function ownLines(
  path: string | undefined,
  context: Pick<BaseContext, "workspace" | "signal" | "progress">,
): Promise<ReadLines> {
  const { beadsDir, owners } = context.workspace();
  const file = path ?? join(beadsDir, DEFAULT_NAME);
  try {
    return await readLines(readStream(file, { owners, maxBytes: MOST_BYTES }), context);
  } catch (error) {
    if (error instanceof BdError && error.code !== "FILE_UNREADABLE") throw error;
    throw new BdError("usage", "INPUT_UNREADABLE", `can't read ${file}`, {
      hint: command`bd import --help`,
      cause: error,
    });
  }
}
