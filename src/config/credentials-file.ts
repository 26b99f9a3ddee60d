import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Endpoint } from "../core/endpoint.ts";
import { endpointName } from "../core/endpoint.ts";
import { BdError, command } from "../errors.ts";
import { environmentValue, type ProcessView } from "./process-view.ts";
import type { SettingCandidate } from "./setting-sources.ts";
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
export function passwordFromFile(
  view: ProcessView,
  endpoint: Pick<Endpoint, "host" | "port" | "socketPath">,
): SettingCandidate | undefined {
  const named = environmentValue(view, "BEADS_CREDENTIALS_FILE");
  const folder = environmentValue(view, "XDG_CONFIG_HOME") ?? join(view.home, ".config");
  const path = named === undefined ? join(folder, "beads", "credentials") : resolve(view.cwd, named);
  const text = readTextFile(path);
  if (text === undefined) {
    if (named === undefined) return undefined;
    throw new BdError(
      "config",
      "CREDENTIALS_NOT_FOUND",
      `there is no file ${path}, which BEADS_CREDENTIALS_FILE names`,
      {
        hint: command`bd config explain dolt.password`,
        details: { path },
      },
    );
  }
  const section = endpointName(endpoint);
  const value = passwordIn(text, section);
  if (value === undefined) return undefined;
  requirePrivate(path);
  return { kind: "credentials", source: `${path}, [${section}]`, value };
}

function requirePrivate(path: string): void {
  if (((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS_READ) === 0) return;
  throw new BdError("config", "CREDENTIALS_READABLE", `${path} can be read by everybody on this machine`, {
    hint: command`chmod 600 ${path}`,
    details: { path },
  });
}

function passwordIn(text: string, wanted: string): string | undefined {
  let section = "";
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header.trim();
      continue;
    }
    const password = /^\s*password\s*=\s*(.*?)\s*$/.exec(line)?.[1];
    if (section === wanted && password !== undefined && password !== "") last = password;
  }
  return last;
}
