import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { BdError, command } from "../../errors.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { systemErrorCode } from "../system-error.ts";
import { readUnit } from "./plan-units.ts";
import { ownUnitFolder, REMOTE_PASSWORD_DROP_IN } from "./unit-folders.ts";
import { authorOf } from "./unit-mark.ts";
import { unquotePath } from "./unit-quoting.ts";

const WORLD_READABLE = 0o004;

/** Throws BdError config REMOTE_PASSWORD_FILE unless there is a file that holds something and isn't everybody's. */
export async function checkPasswordFile(path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw refused(path, "is no file");
    if ((found.mode & WORLD_READABLE) !== 0)
      throw refused(path, "can be read by everybody on this machine", command`chmod 600 ${path}`);
    if (found.size === 0) throw refused(path, "is empty");
    await access(path, constants.R_OK);
  } catch (error) {
    if (error instanceof BdError) throw error;
    throw refused(path, `can't be read (${systemErrorCode(error) ?? "unknown error"})`);
  }
}

/** The password file of the drop-in that we wrote earlier. */
export async function installedPasswordFile(environment: ServerEnvironment): Promise<string | undefined> {
  const text = await readUnit(join(ownUnitFolder(environment), REMOTE_PASSWORD_DROP_IN));
  if (text === undefined || authorOf(text) !== "we") return undefined;
  const path = /^LoadCredential=dolt_remote_password:(.*)$/m.exec(text)?.[1];
  return path === undefined ? undefined : unquotePath(path, environment.home);
}

function refused(path: string, why: string, hint = command`bd server install-unit --help`): BdError {
  return new BdError("config", "REMOTE_PASSWORD_FILE", `${path}, which --remote-password-file names, ${why}`, {
    hint,
    details: { path },
  });
}
