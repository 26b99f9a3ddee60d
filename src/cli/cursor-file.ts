import { dirname } from "node:path";
import { cursorText, parseCursor } from "../core/changes/cursor.ts";
import { BdError, command } from "../errors.ts";
import { readTextFile } from "../host/read-file.ts";
import { fileNotWritable, makeFolders, writeTextFile } from "../host/write-file.ts";
import type { SeenHead } from "../store/session-types.ts";

/** The file of BD_CURSOR_FILE, in which commands leave how far they have seen. */
export interface CursorFile {
  /** What stood there when it was opened. */
  readonly left: string | undefined;
  /**
   * Leaves what a command has seen. Whoever wrote has seen what others did since the last cursor no more than before: only
   * where nothing lies between is one's own change no news.
   *
   * @throws BdError config/FILE_NOT_WRITABLE, and as `openCursorFile`
   */
  leave(seen: SeenHead): void;
}

/**
 * Whatever else than a cursor the file holds is somebody's, and nothing to write over.
 *
 * @throws BdError config/CURSOR_FILE_TAKEN, and as `readTextFile`
 */
export function openCursorFile(path: string): CursorFile {
  return {
    left: cursorIn(path),
    leave({ commit, own }) {
      if (own !== undefined && (cursorIn(path) ?? commit) !== commit) return;
      makeRoom(path);
      writeTextFile(path, `${own ?? commit}\n`);
    },
  };
}

/** On a new machine the folder for such things may not be there yet. */
function makeRoom(path: string): void {
  try {
    makeFolders(dirname(path));
  } catch (cause) {
    throw fileNotWritable(path, cause);
  }
}

function cursorIn(path: string): string | undefined {
  const text = (readTextFile(path) ?? "").trim();
  if (text === "") return undefined;
  try {
    return cursorText(parseCursor(text));
  } catch (cause) {
    const message = `${path}, which BD_CURSOR_FILE names, holds no cursor; it is left as it is, and nothing was done`;
    throw new BdError("config", "CURSOR_FILE_TAKEN", message, {
      hint: command`ls -l ${path}`,
      details: { path },
      cause,
    });
  }
}
