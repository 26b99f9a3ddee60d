import { join, resolve } from "node:path";
import type { Endpoint } from "../../core/endpoint.ts";
import { endpointName } from "../../core/endpoint.ts";
import { BdError, command } from "../../errors.ts";
import { readSecretFile, type SecretFault } from "../../host/secret-file.ts";
import { xdgFolder } from "../../host/xdg-folder.ts";
import { environmentValue, type ProcessView } from "../process-view.ts";
import type { SettingWord } from "../settings/decide-setting.ts";

/**
 * Looks a server's password up in the credentials file: `BEADS_CREDENTIALS_FILE`, or `beads/credentials` in the
 * person's configuration folder. It is an INI file with sections `[host:port]` (or `[/path/of/socket]`) that hold
 * `password=…`. Where a server has several, the last one counts, as in other INI files: what was appended is newer.
 *
 * @throws BdError config/CREDENTIALS_NOT_FOUND when the variable names a file that is not there,
 *   config/CREDENTIALS_READABLE when others than the person can read or write the file, or own it
 */
export function passwordFromFile(view: ProcessView, place: Place): SettingWord | undefined {
  const file = readCredentials(view);
  const section = endpointName(place);
  const value = file?.passwords.get(section);
  if (file === undefined || value === undefined || value === "") return undefined;
  if (file.fault !== undefined) throw refused(file.path, file.fault);
  return { speaker: "credentials", source: `${file.path}, [${section}]`, value };
}

/** Whether the person has a section for that server: who writes one, names it. Throws as `passwordFromFile`. */
export function hasSection(view: ProcessView, place: Place): boolean {
  return readCredentials(view)?.passwords.has(endpointName(place)) ?? false;
}

type Place = Pick<Endpoint, "host" | "port" | "socketPath">;

interface Credentials {
  readonly path: string;
  /** Why no password may be taken from it. */
  readonly fault: SecretFault | undefined;
  /** The last password of each section; empty where it has none. */
  readonly passwords: ReadonlyMap<string, string>;
}

function readCredentials(view: ProcessView): Credentials | undefined {
  const named = environmentValue(view, "BEADS_CREDENTIALS_FILE");
  const path = named === undefined ? join(xdgFolder("config", view), "beads", "credentials") : resolve(view.cwd, named);
  const file = readSecretFile(path, view);
  if (file !== undefined) return { path, fault: file.fault, passwords: passwordsIn(file.text) };
  if (named === undefined) return undefined;
  throw new BdError("config", "CREDENTIALS_NOT_FOUND", `there is no file ${path}, which BEADS_CREDENTIALS_FILE names`, {
    hint: command`bd config explain dolt.password`,
    details: { path },
  });
}

function refused(path: string, { why, mend = command`bd config explain dolt.password` }: SecretFault): BdError {
  return new BdError("config", "CREDENTIALS_READABLE", `${path} ${why}`, { hint: mend, details: { path } });
}

function passwordsIn(text: string): Map<string, string> {
  const passwords = new Map<string, string>();
  let section: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[(.+)\]\s*$/.exec(line)?.[1]?.trim();
    const password = /^\s*password\s*=\s*(.*?)\s*$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      passwords.set(section, passwords.get(section) ?? "");
    } else if (section !== undefined && password !== undefined && password !== "") passwords.set(section, password);
  }
  return passwords;
}
