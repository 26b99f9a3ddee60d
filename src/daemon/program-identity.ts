import { statSync } from "node:fs";
import { join } from "node:path";

/** Tells whether the program's file is still the one that runs: parts of it are loaded when they are first used. */
export function programIdentity(packageRoot: string): string | undefined {
  try {
    const { ino, mtimeMs } = statSync(join(packageRoot, "dist", "main.cjs"));
    return `${ino} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}
