import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BdError, command } from "../../errors.ts";
import type { Person } from "../../host/owners.ts";
import { requireSecret, type SecretFault } from "../../host/secret-file.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { authorOf, ownUnitFolder, REMOTE_PASSWORD_DROP_IN, readUnit, SERVER_UNIT, unitFolders } from "./unit-files.ts";
import { unquotePath } from "./unit-quoting.ts";

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

/** Throws BdError config REMOTE_PASSWORD_FILE unless there is a file that holds something and is the person's alone. */
export function checkPasswordFile(path: string, person: Person): void {
  requireSecret(path, person, (fault) => refused(path, fault));
}

/** The password file of the drop-in that we wrote earlier. */
export async function installedPasswordFile(environment: ServerEnvironment): Promise<string | undefined> {
  const text = await readUnit(join(ownUnitFolder(environment), REMOTE_PASSWORD_DROP_IN));
  if (text === undefined || authorOf(text) !== "we") return undefined;
  const path = /^LoadCredential=dolt_remote_password:(.*)$/m.exec(text)?.[1];
  return path === undefined ? undefined : unquotePath(path, environment.home);
}

function refused(path: string, { why, mend = command`bd server install-unit --help` }: SecretFault): BdError {
  return new BdError("config", "REMOTE_PASSWORD_FILE", `${path}, which --remote-password-file names, ${why}`, {
    hint: mend,
    details: { path },
  });
}
