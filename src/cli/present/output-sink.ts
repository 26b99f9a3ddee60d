import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { BdError } from "../../errors.ts";
import type { TextSink } from "../../ops/data/text-sink.ts";
import type { OutputStream, Terminal } from "../terminal.ts";

/** The file of that name, or standard output. */
export function openOutput(path: string | undefined, terminal: Terminal, cwd: string): TextSink {
  return path === undefined ? streamSink(terminal.stdout) : fileSink(path, cwd);
}

/** Standard output: what was written stays written. */
function streamSink(stream: OutputStream): TextSink {
  return {
    name: undefined,
    async write(text) {
      stream.write(text);
      await stream.drained();
    },
    finish: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}

/** A file that appears whole or not at all: written beside its place, then moved there. Throws BdError usage. */
export function fileSink(path: string, cwd: string): TextSink {
  const target = resolve(cwd, path);
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  let file: FileHandle | undefined;
  const opened = async () => {
    file ??= await open(draft, "w");
    return file;
  };
  const guarded = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      throw unwritable(path, error);
    }
  };
  return {
    name: path,
    write: (text) => guarded(async () => (await opened()).appendFile(text)),
    finish: () =>
      guarded(async () => {
        const handle = await opened();
        await handle.sync();
        await handle.close();
        await rename(draft, target);
      }),
    async discard() {
      await file?.close().catch(() => {});
      if (file !== undefined) await rm(draft, { force: true });
    },
  };
}

function unwritable(path: string, error: unknown): BdError {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "its folder does not exist",
    EISDIR: "it is a folder",
    EACCES: "permission denied",
    ENOSPC: "no space is left",
  };
  return new BdError("usage", "OUTPUT_NOT_WRITABLE", `can't write ${path}: ${reasons[code] ?? code}`, {
    hint: "bd export --help",
    cause: error,
  });
}
