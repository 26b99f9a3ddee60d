import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { BdError, command } from "../../errors.ts";
import { errnoOf } from "../../host/errno.ts";
import { fileKindAt } from "../../host/read-file.ts";
import { targetOf } from "../../host/write-file.ts";
import type { OutputStream, Terminal } from "../terminal.ts";

/** Where long text goes, piece by piece: a file, a pipe. */
export interface TextSink {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** All of it has been written: it may be seen now. */
  finish(): Promise<void>;
  /** Something went wrong: what can be taken back is. */
  discard(): Promise<void>;
}

/** The file of that name, or standard output. */
export function openOutput(path: string | undefined, terminal: Terminal, cwd: string): TextSink {
  return path === undefined ? streamSink(terminal.stdout) : fileSink(path, cwd);
}

/** Standard output: what was written stays written. */
function streamSink(stream: OutputStream): TextSink {
  return {
    async write(text) {
      stream.write(text);
      await stream.drained();
    },
    finish: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}

/**
 * The file of that name. A regular file appears whole or not at all: it is written beside its place, with the mode of
 * the one that it replaces, then moved there. What else has the name (a pipe, a device) is written into.
 * Throws BdError usage OUTPUT_NOT_WRITABLE.
 */
export function fileSink(path: string, cwd: string): TextSink {
  let output: Output | undefined;
  const opened = async () => {
    output ??= await openFile(resolve(cwd, path));
    return output;
  };
  const guarded = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      throw unwritable(path, error);
    }
  };
  return {
    write: (text) => guarded(async () => (await opened()).file.appendFile(text)),
    finish: () => guarded(async () => (await opened()).finish()),
    async discard() {
      await output?.file.close().catch(() => {});
      await output?.remove();
    },
  };
}

interface Output {
  readonly file: FileHandle;
  readonly finish: () => Promise<void>;
  /** Takes away what was begun, where that is possible. */
  readonly remove: () => Promise<void>;
}

/** Other names of streams that are open already: `/dev/stdout`, and `/dev/fd/63` for `>(gzip)` of a shell. */
const OPEN_STREAM = /^\/(?:dev\/(?:fd\/|std(?:out|err)$)|proc\/)/;

async function openFile(path: string): Promise<Output> {
  const { target, currentMode } = targetOf(path);
  const isRegular = currentMode === undefined || fileKindAt(target) === "file";
  return OPEN_STREAM.test(path) || !isRegular ? openStream(path) : openDraft(target, currentMode);
}

/** Appends: what a shell had others write into the same file stays (`{ date; bd export -o /dev/stdout; } > FILE`). */
async function openStream(path: string): Promise<Output> {
  const file = await open(path, "a");
  return { file, finish: () => file.close(), remove: () => Promise.resolve() };
}

async function openDraft(target: string, currentMode: number | undefined): Promise<Output> {
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  const file = await open(draft, "wx", currentMode);
  return {
    file,
    async finish() {
      if (currentMode !== undefined) await file.chmod(currentMode);
      await file.sync();
      await file.close();
      await rename(draft, target);
    },
    remove: () => rm(draft, { force: true }),
  };
}

function unwritable(path: string, error: unknown): BdError {
  const code = errnoOf(error) ?? "";
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "its folder does not exist",
    EISDIR: "it is a folder",
    EACCES: "permission denied",
    ENOSPC: "no space is left",
    ENOTDIR: "a part of its path is no folder",
    ELOOP: "its symbolic links lead nowhere",
    EPIPE: "its reader has gone",
  };
  return new BdError("usage", "OUTPUT_NOT_WRITABLE", `can't write ${path}: ${reasons[code] ?? code}`, {
    hint: command`bd export --help`,
    cause: error,
  });
}
