import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The folders of PATH. Relative entries are passed over, an empty one among them: they would run what lies about in a
 * project.
 */
export function programFolders(env: Variables): readonly string[] {
  return (env["PATH"] ?? "").split(delimiter).filter((entry) => isAbsolute(entry));
}

/** The first executable file of that name on PATH. */
export async function findOnPath({ env }: { readonly env: Variables }, name: string): Promise<string | undefined> {
  for (const folder of programFolders(env)) {
    const path = join(folder, name);
    if (await isExecutableFile(path)) return path;
  }
  return undefined;
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
