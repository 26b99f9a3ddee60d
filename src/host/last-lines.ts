import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { notRegular } from "./read-file.ts";

const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Yields the last lines of a file, oldest first, and reads no more of it than it needs. Throws errors of the file system;
 * BdError config FILE_NOT_REGULAR.
 */
export async function* lastLinesOf(path: string, count: number): AsyncGenerator<string, void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw notRegular(path);
    const start = await startOfLastLines(file, count);
    if (start !== undefined) yield* file.readLines({ start, autoClose: false });
  } finally {
    await file.close();
  }
}

/** Byte offset where the last `count` lines begin; undefined when there are none to show. */
async function startOfLastLines(file: FileHandle, count: number): Promise<number | undefined> {
  const { size } = await file.stat();
  if (count <= 0 || size === 0) return undefined;
  const block = Buffer.alloc(BLOCK_BYTES);
  let missing = count;
  for (let end = size; end > 0; end -= BLOCK_BYTES) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    for (let index = bytesRead - 1; index >= 0; index--) {
      // The newline that ends the file ends the last line, it begins none.
      if (block[index] !== NEWLINE || start + index === size - 1) continue;
      missing--;
      if (missing === 0) return start + index + 1;
    }
  }
  return 0;
}
