import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { BdError, type CommandLine, command } from "../errors.ts";
import { errnoOf } from "./errno.ts";
import { isInside } from "./is-inside.ts";
import { notRegular } from "./read-file.ts";

/** Where a file may be written. */
export interface WriteRules {
  /** The folder that no link may lead out of. Without one, links are followed: the path is the person's own word. */
  readonly within?: string | undefined;
  /** Of a new file. */
  readonly mode?: number | undefined;
  /** Make a missing folder, for this person only. */
  readonly makeFolder?: boolean;
  /** Asked at the last moment, when the new text is safe on the disk: whether to replace the file after all. */
  readonly onlyIf?: (() => boolean) | undefined;
}

/**
 * Replaces a file in one step: a reader sees the old text or the new one, never a part, and after a crash as well. A
 * symbolic link stays, its target is replaced; an existing file keeps its mode. Gives whether it was replaced.
 *
 * @throws BdError config/FILE_NOT_WRITABLE, config/FILE_NOT_REGULAR, config/LINK_LEADS_OUT
 */
export function writeTextFile(path: string, text: string, rules: WriteRules = {}): boolean {
  const { within, mode = 0o644, makeFolder, onlyIf = () => true } = rules;
  try {
    if (makeFolder === true) makeFolders(dirname(path));
    return replaceFile(targetOf(path, within), text, { modeOfNew: mode, onlyIf });
  } catch (cause) {
    throw fileNotWritable(path, cause);
  }
}

/** Makes a file where there is none; false where there is one, be it a link that leads nowhere. Throws errors of the file system. */
export function createTextFile(path: string, text: string, mode = 0o644): boolean {
  try {
    writeFileSync(path, text, { flag: "wx", mode });
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Takes a file away; a link alone, not where it leads. Throws as `writeTextFile`. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (cause) {
    throw fileNotWritable(path, cause);
  }
}

/** Makes a folder and those above it, for this person only. Throws errors of the file system. */
export function makeFolders(path: string, mode = 0o700): void {
  mkdirSync(path, { recursive: true, mode });
}

/** The refusal for a file system's error; other refusals pass unchanged. */
export function fileNotWritable(path: string, cause: unknown): BdError {
  if (cause instanceof BdError) return cause;
  const errno = errnoOf(cause);
  return new BdError("config", "FILE_NOT_WRITABLE", `${path} can't be written (${errno ?? "unknown error"})`, {
    hint: command`bd where`,
    details: { path, errno },
    cause,
  });
}

/** The file that a path stands for, for those who replace it. */
export interface Target {
  readonly target: string;
  /** Undefined where there is no file yet. */
  readonly currentMode: number | undefined;
}

/**
 * Symbolic links are followed, to where a broken one points too, but not out of `within`.
 *
 * @throws errors of the file system, BdError config/LINK_LEADS_OUT
 */
export function targetOf(path: string, within?: string): Target {
  const found = followLinks(path);
  if (within !== undefined) requireInside(path, found.target, within, command`ls -l ${path}`);
  return found;
}

/** Whether a file could be replaced, as far as its links tell. Throws BdError config/FILE_NOT_WRITABLE, config/LINK_LEADS_OUT. */
export function checkTarget(path: string, within: string): void {
  try {
    targetOf(path, within);
  } catch (cause) {
    throw fileNotWritable(path, cause);
  }
}

function followLinks(path: string): Target {
  try {
    const target = realpathSync(path);
    return { target, currentMode: statSync(target).mode & 0o777 };
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    const folder = realpathSync(dirname(path));
    if (!isLink) return { target: join(folder, basename(path)), currentMode: undefined };
    return followLinks(resolve(folder, readlinkSync(path)));
  }
}

/**
 * Refuses a path that leads out of a folder by a link. Both must exist, the last part of the path aside.
 *
 * @throws BdError config/LINK_LEADS_OUT
 */
export function requireInside(path: string, target: string, within: string, hint: CommandLine): void {
  if (isInside(target, realpathSync(within))) return;
  throw new BdError(
    "config",
    "LINK_LEADS_OUT",
    `${path} leads to ${target}, out of ${within}: bd writes nothing through such a link`,
    { hint, details: { path, target, within } },
  );
}

/** The new text comes from a folder of its own beside the file: the same file system, and a name that nobody has. */
function replaceFile(
  { target, currentMode }: Target,
  text: string,
  { modeOfNew, onlyIf }: { readonly modeOfNew: number; readonly onlyIf: () => boolean },
): boolean {
  const found = currentMode === undefined ? undefined : statSync(target);
  if (found !== undefined && !found.isFile() && !found.isDirectory()) throw notRegular(target);
  const folder = mkdtempSync(`${target}.tmp-`);
  try {
    const temporary = join(folder, basename(target));
    writeFileSync(temporary, text, { mode: currentMode ?? modeOfNew, flush: true });
    if (currentMode !== undefined) chmodSync(temporary, currentMode);
    if (!onlyIf()) return false;
    renameSync(temporary, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  syncFolder(dirname(target));
  return true;
}

/** Until then a crash may bring the old file back. Not every file system can, and the file is whole either way. */
function syncFolder(folder: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(folder, "r");
    fsyncSync(fd);
  } catch {
    // As said above.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
