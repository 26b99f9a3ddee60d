import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { BdError, interrupted } from "../../errors.ts";
import { errnoOf } from "../../host/errno.ts";
import type { Terminal } from "../terminal.ts";

/** Where input comes from. */
export interface InputPlace {
  readonly terminal: Terminal;
  /** The folder that names of files count from. */
  readonly cwd: string;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** More than all texts of an issue, and than any list of ids. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/**
 * The text of a file, `-` for standard input. Throws BdError usage INPUT_UNREADABLE, for what is not UTF-8 too, and
 * INPUT_TOO_LARGE.
 */
export async function readText(path: string, place: InputPlace): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of openInput(path, place)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_TEXT) throw tooLarge(path);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    const name = path === "-" ? "standard input" : path;
    throw new BdError("usage", "INPUT_UNREADABLE", `can't read ${name}: it is not UTF-8 text`, { cause: error });
  }
}

/** The bytes of a file, `-` for standard input. */
export async function* openInput(path: string, { terminal, cwd, signal }: InputPlace): AsyncIterable<Uint8Array> {
  try {
    yield* path === "-" ? terminal.stdinStream() : createReadStream(resolve(cwd, path), { signal });
  } catch (error) {
    throw unreadable(path, error);
  }
}

function tooLarge(path: string): BdError {
  const name = path === "-" ? "standard input" : path;
  const message = `${name} goes on after ${LONGEST_TEXT / 1024 ** 2} MiB, more than any text that bd takes`;
  return new BdError("usage", "INPUT_TOO_LARGE", message, { details: { limit: LONGEST_TEXT } });
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
