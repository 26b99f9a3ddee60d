import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Endpoint } from "../core/endpoint.ts";
import { endpointName } from "../core/endpoint.ts";
import { BdError, command } from "../errors.ts";
import type { SettingWord } from "./decide-setting.ts";
import { environmentValue, type ProcessView } from "./process-view.ts";
import { readTextFile } from "./text-file.ts";

const OTHERS_READ = 0o004;

/**
 * Looks a server's password up in the credentials file: `BEADS_CREDENTIALS_FILE`, or `beads/credentials` in the
 * person's configuration folder. It is an INI file with sections `[host:port]` (or `[/path/of/socket]`) that hold
 * `password=…`. Where a server has several, the last one counts, as in other INI files: what was appended is newer.
 *
 * @throws BdError config/CREDENTIALS_NOT_FOUND when the variable names a file that is not there,
 *   config/CREDENTIALS_READABLE when everybody on the machine can read the password
 */
export function passwordFromFile(view: ProcessView, place: Place): SettingWord | undefined {
  const file = readCredentials(view);
  const section = endpointName(place);
  const value = file?.passwords.get(section);
  if (file === undefined || value === undefined || value === "") return undefined;
  requirePrivate(file.path);
  return { speaker: "credentials", source: `${file.path}, [${section}]`, value };
}

/** Whether the person has a section for that server: who writes one, names it. Throws as `passwordFromFile`. */
export function hasSection(view: ProcessView, place: Place): boolean {
  return readCredentials(view)?.passwords.has(endpointName(place)) ?? false;
}

type Place = Pick<Endpoint, "host" | "port" | "socketPath">;

interface Credentials {
  readonly path: string;
  /** The last password of each section; empty where it has none. */
  readonly passwords: ReadonlyMap<string, string>;
}

function readCredentials(view: ProcessView): Credentials | undefined {
  const named = environmentValue(view, "BEADS_CREDENTIALS_FILE");
  const folder = environmentValue(view, "XDG_CONFIG_HOME") ?? join(view.home, ".config");
  const path = named === undefined ? join(folder, "beads", "credentials") : resolve(view.cwd, named);
  const text = readTextFile(path);
  if (text !== undefined) return { path, passwords: passwordsIn(text) };
  if (named === undefined) return undefined;
  throw new BdError("config", "CREDENTIALS_NOT_FOUND", `there is no file ${path}, which BEADS_CREDENTIALS_FILE names`, {
    hint: command`bd config explain dolt.password`,
    details: { path },
  });
}

function requirePrivate(path: string): void {
  if (((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS_READ) === 0) return;
  throw new BdError("config", "CREDENTIALS_READABLE", `${path} can be read by everybody on this machine`, {
    hint: command`chmod 600 ${path}`,
    details: { path },
  });
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
