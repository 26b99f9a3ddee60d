import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Workspace } from "./workspace.ts";

/** The issue that the last command was about: what `bd update` and `bd close` take when they are given no id. */
export function readLastTouched(workspace: Workspace): string | undefined {
  try {
    const id = readFileSync(lastTouchedPath(workspace), "utf8").split("\n", 1)[0]?.trim();
    return id === "" ? undefined : id;
  } catch {
    return undefined;
  }
}

/** Remembers an issue. A convenience: returns false, and does no harm, where the folder can't be written. */
export function writeLastTouched(workspace: Workspace, issueId: string): boolean {
  try {
    writeFileSync(lastTouchedPath(workspace), `${issueId}\n`, { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

function lastTouchedPath(workspace: Workspace): string {
  return join(workspace.beadsDir, "last-touched");
}
