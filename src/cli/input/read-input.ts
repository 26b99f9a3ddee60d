import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { BdError } from "../../errors.ts";
import type { Terminal } from "../terminal.ts";

/** The text of a file, `-` for standard input. Throws BdError usage. */
export async function readText(path: string, terminal: Terminal, cwd: string): Promise<string> {
  if (path === "-") return terminal.readStdin();
  try {
    return await readFile(resolve(cwd, path), "utf8");
  } catch (error) {
    throw unreadable(path, error);
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
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const reason = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code;
  return new BdError("usage", "UNREADABLE_FILE", `can't read ${path}: ${reason}`, { cause: error });
}
