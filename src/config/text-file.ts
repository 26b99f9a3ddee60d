import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { BdError, command } from "../errors.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/** The errno name of a file system error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Reads a UTF-8 file, without a byte order mark; `undefined` when there is none.
 *
 * @throws BdError config/FILE_UNREADABLE when it exists and can't be read
 */
export function readTextFile(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === "ENOENT" || errno === "ENOTDIR") return undefined;
    throw unreadable(path, cause);
  }
}

/**
 * What stands at a path; `undefined` for nothing.
 *
 * @throws BdError config/FILE_UNREADABLE when that can't be told: going on as if there were nothing could lead into
 *   another project
 */
export function fileKindAt(path: string): "file" | "directory" | "other" | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (found.isDirectory()) return "directory";
    return found.isFile() ? "file" : "other";
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/**
 * Replaces a file in one step: a reader sees the old text or the new one, never a part. A symbolic link stays, its
 * target is replaced; an existing file keeps its mode. `makeFolder` makes a missing folder, for this person only.
 *
 * @throws BdError config/FILE_NOT_WRITABLE
 */
export function writeTextFile(
  path: string,
  text: string,
  options: { readonly mode?: number | undefined; readonly makeFolder?: boolean } = {},
): void {
  try {
    if (options.makeFolder === true) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    replaceFile(path, text, options.mode ?? 0o644);
  } catch (cause) {
    throw fileNotWritable(path, cause);
  }
}

/** Makes a file where there is none; false where there is one. Throws errors of the file system. */
export function createTextFile(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** The refusal for a file system's error. */
export function fileNotWritable(path: string, cause: unknown): BdError {
  const errno = errnoOf(cause);
  return new BdError("config", "FILE_NOT_WRITABLE", `${path} can't be written (${errno ?? "unknown error"})`, {
    hint: command`bd where`,
    details: { path, errno },
    cause,
  });
}

function unreadable(path: string, cause: unknown): BdError {
  const errno = errnoOf(cause);
  return new BdError("config", "FILE_UNREADABLE", `${path} can't be read (${errno ?? "unknown error"})`, {
    hint: command`bd where`,
    details: { path, errno },
    cause,
  });
}

/** The new text comes from a folder of its own beside the file: the same file system, and a name that nobody has. */
function replaceFile(path: string, text: string, modeOfNew: number): void {
  const { target, currentMode } = existingTarget(path);
  const folder = mkdtempSync(`${target}.tmp-`);
  try {
    const temporary = join(folder, basename(target));
    writeFileSync(temporary, text, { mode: currentMode ?? modeOfNew });
    if (currentMode !== undefined) chmodSync(temporary, currentMode);
    renameSync(temporary, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The file that a path stands for, for those who replace it: symbolic links are followed, to where a broken one points
 * too. `currentMode` is undefined where there is no file yet.
 *
 * @throws errors of the file system
 */
export function existingTarget(path: string): { target: string; currentMode: number | undefined } {
  try {
    const target = realpathSync(path);
    return { target, currentMode: statSync(target).mode & 0o777 };
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    if (!isLink) return { target: path, currentMode: undefined };
    return existingTarget(resolve(realpathSync(dirname(path)), readlinkSync(path)));
  }
}
