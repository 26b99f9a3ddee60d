import { resolve } from "node:path";
import { readTextFile } from "../host/read-file.ts";
import { writeTextFile } from "../host/write-file.ts";
import type { Place } from "../ops/caller.ts";

/** The file of BD_CURSOR_FILE, in which commands leave how far they have seen; undefined where the person names none. */
export function cursorFileOf({ env, cwd }: Pick<Place, "env" | "cwd">): string | undefined {
  const name = env["BD_CURSOR_FILE"];
  return name ? resolve(cwd, name) : undefined;
}

/** Throws BdError config FILE_UNREADABLE. */
export function readCursor(path: string | undefined): string | undefined {
  return (path === undefined ? undefined : readTextFile(path)?.trim()) || undefined;
}

/** Throws BdError config FILE_NOT_WRITABLE. */
export function leaveCursor(path: string | undefined, cursor: string | undefined): void {
  if (path !== undefined && cursor !== undefined) writeTextFile(path, `${cursor}\n`);
}
