import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ServerEnvironment } from "../server-environment.ts";
import { readUnit } from "./plan-units.ts";
import { ownUnitFolder, REMOTE_PASSWORD_DROP_IN, SERVER_UNIT, unitFolders } from "./unit-folders.ts";
import { authorOf } from "./unit-mark.ts";

/** A file beside the server's unit that changes it, and that we did not write. */
export interface ForeignDropIn {
  readonly path: string;
  /** Whether it has the server run by another command line. */
  readonly setsCommand: boolean;
}

/** Looks at files only, in the order of folders and names; what can't be read is left out. */
export async function foreignDropIns(
  environment: Pick<ServerEnvironment, "env" | "home">,
): Promise<readonly ForeignDropIn[]> {
  const folders = unitFolders(environment).map((folder) => join(folder, `${SERVER_UNIT}.d`));
  const found = await Promise.all(folders.map((folder) => dropInsIn(folder)));
  const own = join(ownUnitFolder(environment), REMOTE_PASSWORD_DROP_IN);
  return found
    .flat()
    .filter(({ path, text }) => path !== own || authorOf(text) !== "we")
    .map(({ path, text }) => ({ path, setsCommand: /^\s*ExecStart\s*=/m.test(text) }));
}

async function dropInsIn(folder: string): Promise<{ readonly path: string; readonly text: string }[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names
    .filter((name) => name.endsWith(".conf"))
    .toSorted()
    .map((name) => join(folder, name));
  const texts = await Promise.all(paths.map((path) => readUnit(path).catch(() => undefined)));
  return paths.flatMap((path, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ path, text }];
  });
}
