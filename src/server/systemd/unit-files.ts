import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "../../host/errno.ts";
import { xdgFolder } from "../../host/xdg-folder.ts";
import type { ServerEnvironment } from "../server-environment.ts";

export const SERVER_UNIT = "dolt-server.service";
export const REMOTE_PASSWORD_DROP_IN = `${SERVER_UNIT}.d/remote-password.conf`;
export const BACKUP_UNITS = ["bd-backup@.service", "bd-backup@.timer"] as const;
export const DAEMON_UNITS = ["bd-daemon@.service", "bd-daemon@.socket"] as const;
export const SERVE_UNIT = "bd-serve@.service";

/** The words of the unit's server, also where it fails before it writes a log of its own. */
export const JOURNAL_LINE = "journalctl --user -u dolt-server -n 20";

/** Where the person's own units live; it hides units of the same name in all other folders. */
export function ownUnitFolder(environment: Pick<ServerEnvironment, "env" | "home">): string {
  return join(xdgFolder("config", environment), "systemd/user");
}

/** The folders in which a unit for the server may stand, the first that counts first. */
export function unitFolders(environment: Pick<ServerEnvironment, "env" | "home">): readonly string[] {
  return [ownUnitFolder(environment), "/etc/systemd/user"];
}

/**
 * Who wrote a unit file: we, and nobody has touched it since; we, and somebody has; somebody else.
 */
export type UnitAuthor = "we" | "edited" | "other";

const MARK = /^# Written by `bd server install-unit` \(checksum ([0-9a-f]{16})\)\.\n/;
const ADVICE = [
  "# Make your own changes with `systemctl --user edit`, which keeps them in a file beside this one: what was changed",
  "# in here is neither replaced nor removed.",
];

/** Puts our mark in the place of the comment at the top, which is written for those who install by hand. */
export function withMark(text: string): string {
  const rest = `${ADVICE.join("\n")}\n${text.replace(/^(?:#.*\n)*/, "")}`;
  return `# Written by \`bd server install-unit\` (checksum ${checksum(rest)}).\n${rest}`;
}

export function authorOf(text: string): UnitAuthor {
  const mark = MARK.exec(text);
  if (mark === null) return "other";
  return checksum(text.slice(mark[0].length)) === mark[1] ? "we" : "edited";
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The text of a unit file, undefined when there is none. */
export async function readUnit(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
