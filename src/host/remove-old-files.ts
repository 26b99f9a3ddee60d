import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** Removes the files of a folder that nobody wrote since then. Throws errors of the file system. */
export function removeOldFiles(folder: string, before: Date): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if ((statSync(path, { throwIfNoEntry: false })?.mtime ?? before) < before) rmSync(path, { force: true });
  }
}
