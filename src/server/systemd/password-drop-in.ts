import { join } from "node:path";
import { BdError, command } from "../../errors.ts";
import type { Person } from "../../host/owners.ts";
import { requireSecret, type SecretFault } from "../../host/secret-file.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { readUnit } from "./plan-units.ts";
import { ownUnitFolder, REMOTE_PASSWORD_DROP_IN } from "./unit-folders.ts";
import { authorOf } from "./unit-mark.ts";
import { unquotePath } from "./unit-quoting.ts";

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
