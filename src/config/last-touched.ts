import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { pathsIn } from "../host/files-in.ts";
import { fileKindAt, readTextFile } from "../host/read-file.ts";
import { removeOldFiles } from "../host/remove-old-files.ts";
import { writeTextFile } from "../host/write-file.ts";
import { xdgFolder } from "../host/xdg-folder.ts";
import type { ProcessView } from "./process-view.ts";
import type { Workspace } from "./workspace/workspace.ts";

/** Whose last command is meant: the same person may work in several sessions, and under several names. */
export interface Toucher {
  readonly actor: string | undefined;
  readonly session: string | undefined;
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Where the issue is kept that a session's last command was about: with the person, not in the workspace, which others
 * share and fill.
 */
export function lastTouchedPath(view: ProcessView, { beadsDir }: Workspace, { actor, session }: Toucher): string {
  const folder = join(xdgFolder("state", view), "beads", "last-touched", digest(beadsDir));
  return join(folder, digest(JSON.stringify([actor ?? null, session ?? null])));
}

/** What `bd update` and `bd close` take when they are given no id. */
export function readLastTouched(path: string): string | undefined {
  try {
    const [id = ""] = readTextFile(path)?.split("\n", 1) ?? [];
    return id === "" ? undefined : id;
  } catch {
    return undefined;
  }
}

/** Remembers an issue. A convenience: returns false, and does no harm, where that can't be written. */
export function writeLastTouched(path: string, issueId: string, now: Date): boolean {
  // A part of what somebody else called an id could be the id of another issue.
  if (/\p{Cc}/u.test(issueId)) return false;
  try {
    const isNew = fileKindAt(path) === undefined;
    writeTextFile(path, `${issueId}\n`, { mode: 0o600, makeFolder: true });
    // Sessions end without a word.
    if (isNew) removeOldFiles(dirname(path), new Date(now.getTime() - KEPT_MS));
    return true;
  } catch {
    return false;
  }
}

/** Remembers moved issues by their new ids, in all sessions of the person in one workspace; `path` is one of theirs. */
export function moveLastTouched(path: string, moves: ReadonlyMap<string, string>, now: Date): void {
  for (const other of pathsIn(dirname(path))) {
    const moved = moves.get(readLastTouched(other) ?? "");
    if (moved !== undefined) writeLastTouched(other, moved, now);
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 24);
}
