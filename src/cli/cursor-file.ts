import { resolve } from "node:path";
import { cursorText, parseCursor } from "../core/changes/cursor.ts";
import { BdError, command } from "../errors.ts";
import { readTextFile } from "../host/read-file.ts";
import { writeTextFile } from "../host/write-file.ts";
import type { Place } from "../ops/caller.ts";
import type { SeenHead } from "../store/session-types.ts";

/** The file of BD_CURSOR_FILE, in which commands leave how far they have seen; undefined where the person names none. */
export function cursorFileOf({ env, cwd }: Pick<Place, "env" | "cwd">): string | undefined {
  const name = env["BD_CURSOR_FILE"];
  return name ? resolve(cwd, name) : undefined;
}

/**
 * What stands in the file. Whatever else it holds is somebody's, and nothing to write over.
 *
 * @throws BdError config/CURSOR_FILE_TAKEN, and as `readTextFile`
 */
export function readCursor(path: string | undefined): string | undefined {
  const text = path === undefined ? "" : (readTextFile(path) ?? "").trim();
  if (path === undefined || text === "") return undefined;
  try {
    return cursorText(parseCursor(text));
  } catch (cause) {
    const message = `${path}, which BD_CURSOR_FILE names, holds no cursor; it is left as it is`;
    throw new BdError("config", "CURSOR_FILE_TAKEN", message, {
      hint: command`bd changes --from-start`,
      details: { path },
      cause,
    });
  }
}

/**
 * Leaves what a command has seen. Whoever wrote has seen what others did since the last cursor no more than before: only
 * where nothing lies between is one's own change no news.
 *
 * @throws BdError config/FILE_NOT_WRITABLE
 */
export function leaveCursor(path: string | undefined, seen: SeenHead | undefined): void {
  if (path === undefined || seen === undefined) return;
  const { commit, own } = seen;
  if (own !== undefined && (readCursor(path) ?? commit) !== commit) return;
  writeTextFile(path, `${own ?? commit}\n`);
}
