import { join } from "node:path";
import * as z from "zod/mini";
import { editTextFile } from "../host/edit-text-file.ts";
import { readTextFile, realName } from "../host/read-file.ts";
import { writeTextFile } from "../host/write-file.ts";
import type { FilePlace } from "./sync-file.ts";

const STATE_FILE = "sync.json";
const VERSION = 1;
/** So many versions of the file are remembered by their names. */
const MOST_SEEN = 500;
const MOST_TIPS = 20;

const shape = z.object({
  version: z.literal(VERSION),
  folder: z.string(),
  stamp: z.string(),
  blob: z.string(),
  commit: z.string(),
  complete: z.boolean(),
  seen: z.array(z.string()),
  tips: z.array(z.string()),
  own: z.optional(z.array(z.string())),
  trouble: z.optional(z.object({ at: z.string(), code: z.string(), message: z.string() })),
});

/** Up to where the file and the tracker know of each other: of this clone and this database, and of nobody else. */
export interface SyncState {
  /** See `SyncFile`: of the file as it was last written or taken in; "" for none. */
  readonly stamp: string;
  readonly blob: string;
  /** The watermark: the commit of the database that the file shows. */
  readonly commit: string;
  /** Whether the file says all that the tracker said at that commit. */
  readonly complete: boolean;
  /** Versions of the file that were written or taken in, by what git calls them, the newest first. */
  readonly seen: readonly string[];
  /** Commits of git whose file was taken in, none of them an ancestor of another; the newest first. */
  readonly tips: readonly string[];
  /** Versions of the file that were written since the first of these commits was taken in, the newest first, where that is known. */
  readonly own?: readonly string[] | undefined;
  readonly trouble?: Trouble | undefined;
}

/** Why the last synchronisation failed. */
export interface Trouble {
  /** Wire time. */
  readonly at: string;
  readonly code: string;
  readonly message: string;
}

/**
 * What was left by the last synchronisation in this very folder; undefined where there was none. A state that came along
 * with a repository, or was copied with its folder, says nothing. Throws as `readTextFile`.
 */
export function readSyncState({ beadsDir, owners }: FilePlace): SyncState | undefined {
  const text = readTextFile(join(beadsDir, STATE_FILE), owners === undefined ? {} : { owners });
  if (text === undefined) return undefined;
  const parsed = shape.safeParse(jsonIn(text));
  return parsed.success && parsed.data.folder === realName(beadsDir) ? parsed.data : undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined leaves what there is. */
export interface NextState {
  readonly state: SyncState | undefined;
}

/**
 * Goes on from what was left by the last synchronisation. Several processes may be at it, such as a hook and what a hook has
 * left behind: false where another one has left something else than `before` meanwhile, or `next` gives undefined. The state
 * that it gives is left now; it may be called twice. Throws as `editTextFile`.
 */
export async function leaveSyncState(
  place: FilePlace,
  before: SyncState | undefined,
  next: () => NextState | undefined | Promise<NextState | undefined>,
): Promise<boolean> {
  const { beadsDir } = place;
  ignoreStateFile(beadsDir);
  let isLeft = false;
  const change = async () => {
    isLeft = false;
    if (JSON.stringify(readSyncState(place)) !== JSON.stringify(before)) return undefined;
    const left = await next();
    isLeft = left !== undefined;
    return left?.state === undefined || left.state === before ? undefined : textOf(beadsDir, left.state);
  };
  await editTextFile(join(beadsDir, STATE_FILE), change, { within: beadsDir, mode: 0o600 });
  return isLeft;
}

function textOf(beadsDir: string, state: SyncState): string {
  const few = (names: readonly string[], most: number) => [...new Set(names)].slice(0, most);
  const { seen, tips, own } = state;
  const kept = { ...state, seen: few(seen, MOST_SEEN), tips: few(tips, MOST_TIPS), own: own && few(own, MOST_SEEN) };
  return `${JSON.stringify({ version: VERSION, folder: realName(beadsDir), ...kept })}\n`;
}

/** Folders that were made before there was such a file don't have git ignore it. */
function ignoreStateFile(beadsDir: string): void {
  const path = join(beadsDir, ".gitignore");
  const text = readTextFile(path) ?? "";
  if (text.split("\n").some((line) => line.trim() === STATE_FILE)) return;
  writeTextFile(path, `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${STATE_FILE}\n`, { within: beadsDir });
}
