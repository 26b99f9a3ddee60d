import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { BdError, command } from "../errors.ts";
import { errnoOf } from "./errno.ts";
import { isOwned, type Owners } from "./owners.ts";

const BYTE_ORDER_MARK = "\uFEFF";

/** More than any file of settings has, and little enough for every parser. */
const MOST_BYTES = 128 * 1024;

/** A pipe without a writer must not hold the command, and no terminal may become ours. */
const HARMLESSLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** What a file must be to be read. */
export interface ReadRules {
  /** Who may own it; by default anybody. */
  readonly owners?: Owners;
  readonly maxBytes?: number;
}

/**
 * Reads a UTF-8 file, without a byte order mark; `undefined` when there is none. It may stand behind links, but it must be
 * a file: not a pipe, a device or a socket, which may never end.
 *
 * @throws BdError config/FILE_UNREADABLE when it exists and can't be read, config/FILE_NOT_REGULAR, FILE_TOO_LARGE,
 *   FILE_NOT_TRUSTED
 */
export function readTextFile(path: string, rules: ReadRules = {}): string | undefined {
  return readWithStats(path, rules)?.text;
}

/** The same, with what is known of the very file that was read. */
export function readWithStats(
  path: string,
  { owners, maxBytes = MOST_BYTES }: ReadRules = {},
): { readonly text: string; readonly stats: Stats } | undefined {
  const file = openFile(path, owners);
  if (file === undefined) return undefined;
  try {
    const text = readBytes(path, file.fd, maxBytes).toString("utf8");
    return { text: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, stats: file.stats };
  } finally {
    closeSync(file.fd);
  }
}

/**
 * The bytes of a file that may be large, as a stream; `maxBytes` must be said.
 *
 * @throws as `readTextFile`, and config/FILE_UNREADABLE where there is none
 */
export async function* readStream(
  path: string,
  { owners, maxBytes }: ReadRules & { readonly maxBytes: number },
): AsyncIterable<Uint8Array> {
  const file = openFile(path, owners);
  if (file === undefined) throw fileUnreadable(path, "ENOENT");
  if (file.stats.size > maxBytes) {
    closeSync(file.fd);
    throw tooLarge(path, maxBytes);
  }
  yield* createReadStream(path, { fd: file.fd });
}

/** Opens a file for reading and looks at what was opened; undefined where there is none. Throws as `readTextFile`. */
function openFile(path: string, owners: Owners): { readonly fd: number; readonly stats: Stats } | undefined {
  let fd: number | undefined;
  try {
    // To open a device may do something already, so it is looked at before; what counts is what was opened.
    requireFile(path, statSync(path));
    fd = openSync(path, HARMLESSLY);
    const stats = fstatSync(fd);
    requireFile(path, stats);
    if (!isOwned(stats, owners)) throw notTrusted(path, stats.uid);
    return { fd, stats };
  } catch (cause) {
    if (fd !== undefined) closeSync(fd);
    if (cause instanceof BdError) throw cause;
    const errno = errnoOf(cause);
    if (errno === "ENOENT" || errno === "ENOTDIR") return undefined;
    throw fileUnreadable(path, errno, cause);
  }
}

function requireFile(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw fileUnreadable(path, "EISDIR");
  throw notRegular(path);
}

export function notRegular(path: string): BdError {
  return new BdError("config", "FILE_NOT_REGULAR", `${path} is no file, but a pipe, a device or a socket`, {
    hint: command`bd where`,
    details: { path },
  });
}

/** Reads to the end, whatever size the file claims to have: that of `/proc` files is 0. */
function readBytes(path: string, fd: number, maxBytes: number): Buffer {
  const buffer = Buffer.alloc(maxBytes + 1);
  let length = 0;
  try {
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(fd, buffer, length, buffer.length - length, null);
    }
  } catch (cause) {
    throw fileUnreadable(path, errnoOf(cause), cause);
  }
  if (length <= maxBytes) return buffer.subarray(0, length);
  throw tooLarge(path, maxBytes);
}

function tooLarge(path: string, limit: number): BdError {
  return new BdError("config", "FILE_TOO_LARGE", `${path} is larger than ${limit} bytes`, {
    hint: command`bd where`,
    details: { path, limit },
  });
}

/**
 * What stands at a path; `undefined` for nothing.
 *
 * @throws BdError config/FILE_UNREADABLE when that can't be told: going on as if there were nothing could lead into
 *   another project
 */
export function fileKindAt(path: string): "file" | "directory" | "other" | undefined {
  const found = orUnreadable(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) return undefined;
  if (found.isDirectory()) return "directory";
  return found.isFile() ? "file" : "other";
}

/** Who owns what stands at a path, and what it leads to where it is a link; nobody where that can't be told. */
export function uidsAt(path: string): readonly number[] {
  return [lstatSync, statSync].flatMap((look) => statsIfSeen(path, look)?.uid ?? []);
}

/** What a path leads to; undefined also where that can't be told. */
export function statsIfSeen(path: string, look: typeof statSync = statSync): Stats | undefined {
  try {
    return look(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Whether a path is a link, wherever that leads. */
export function isLink(path: string): boolean {
  return statsIfSeen(path, lstatSync)?.isSymbolicLink() ?? false;
}

/** The name without links of what is there. Throws as `fileKindAt`. */
export function realName(path: string): string {
  return orUnreadable(path, () => realpathSync(path));
}

function orUnreadable<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (cause) {
    throw fileUnreadable(path, errnoOf(cause), cause);
  }
}

function fileUnreadable(path: string, errno: string | undefined, cause?: unknown): BdError {
  return new BdError("config", "FILE_UNREADABLE", `${path} can't be read (${errno ?? "unknown error"})`, {
    hint: command`bd where`,
    details: { path, errno },
    cause,
  });
}

function notTrusted(path: string, owner: number): BdError {
  return new BdError(
    "config",
    "FILE_NOT_TRUSTED",
    `${path} belongs to another user (uid ${owner}), so it is not read`,
    {
      hint: command`bd where`,
      details: { path, owner },
    },
  );
}
