import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The paths of what a folder holds; none where it can't be read. */
export function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
