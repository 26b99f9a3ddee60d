import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { BdError, interrupted } from "../../errors.ts";
import { errnoOf } from "../../host/errno.ts";
import type { Terminal } from "../terminal.ts";

/** The text of a file, `-` for standard input. Throws BdError usage INPUT_UNREADABLE, for what is not UTF-8 too. */
export async function readText(path: string, terminal: Terminal, cwd: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openInput(path, terminal, cwd)) chunks.push(chunk);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    const name = path === "-" ? "standard input" : path;
    throw new BdError("usage", "INPUT_UNREADABLE", `can't read ${name}: it is not UTF-8 text`, { cause: error });
  }
}

/** The bytes of a file, `-` for standard input. */
export async function* openInput(path: string, terminal: Terminal, cwd: string): AsyncIterable<Uint8Array> {
  try {
    yield* path === "-" ? terminal.stdinStream() : createReadStream(resolve(cwd, path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): BdError {
  if (error instanceof BdError) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return interrupted("interrupted; nothing was written", error);
  }
  const code = errnoOf(error) ?? "";
  const reason = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code;
  return new BdError("usage", "INPUT_UNREADABLE", `can't read ${path}: ${reason}`, { cause: error });
}
