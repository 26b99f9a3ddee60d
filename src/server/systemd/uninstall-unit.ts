import { readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BdError, command } from "../../errors.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { foreignDropIns } from "./drop-ins.ts";
import {
  authorOf,
  BACKUP_UNITS,
  DAEMON_UNITS,
  ownUnitFolder,
  REMOTE_PASSWORD_DROP_IN,
  readUnit,
  SERVE_UNIT,
  SERVER_UNIT,
} from "./unit-files.ts";
import { requireUserManager, systemctl } from "./user-manager.ts";

export interface Uninstallation {
  /** Paths of files that we wrote and that are gone now. */
  readonly removed: readonly string[];
  /** Paths of files that somebody else wrote or changed. */
  readonly kept: readonly string[];
}

/**
 * Stops and disables the server's unit, the timers of backups, the daemons and what serves HTTP, and removes the files that we wrote. The data stays,
 * and so does what somebody changed.
 *
 * @throws BdError `rejected` UNIT_EDITED where the server's unit itself was changed: then all stays as it is;
 *   `unavailable` NO_USER_MANAGER, SYSTEMCTL_FAILED
 */
export async function uninstallUnits(environment: ServerEnvironment): Promise<Uninstallation> {
  const folder = ownUnitFolder(environment);
  const names = [SERVER_UNIT, REMOTE_PASSWORD_DROP_IN, ...BACKUP_UNITS, ...DAEMON_UNITS, SERVE_UNIT];
  const found = await Promise.all(
    names.map(async (name) => ({ name, path: join(folder, name), text: await readUnit(join(folder, name)) })),
  );
  const there = found.flatMap(({ name, path, text }) =>
    text === undefined ? [] : [{ name, path, author: authorOf(text) }],
  );
  if (there.length === 0) return { removed: [], kept: [] };
  const server = there.find(({ name }) => name === SERVER_UNIT);
  if (server !== undefined && server.author !== "we") throw notOurs(server.path);

  await requireUserManager(environment);
  const ours = there.filter(({ author }) => author === "we");
  if (server !== undefined) await systemctl(environment, "disable", "--now", "--quiet", SERVER_UNIT);
  if (ours.some(({ name }) => name === BACKUP_UNITS[1]))
    await disableInstances(environment, folder, "timers", /^bd-backup@.*\.timer$/);
  if (ours.some(({ name }) => name === DAEMON_UNITS[0])) {
    await disableInstances(environment, folder, "sockets", /^bd-daemon@.*\.socket$/);
    await disableInstances(environment, folder, "default", /^bd-daemon@.*\.service$/);
  }
  if (ours.some(({ name }) => name === SERVE_UNIT)) {
    await disableInstances(environment, folder, "default", /^bd-serve@.*\.service$/);
  }
  for (const { path } of ours) await rm(path, { force: true });
  await removeIfEmpty(dirname(join(folder, REMOTE_PASSWORD_DROP_IN)));
  await systemctl(environment, "daemon-reload");
  const removed = ours.map(({ path }) => path);
  const changed = there.filter(({ author }) => author !== "we").map(({ path }) => path);
  const dropIns = (await foreignDropIns(environment)).map(({ path }) => path);
  return { removed, kept: [...new Set([...changed, ...dropIns])] };
}

/** Each workspace with a daily backup has a link to the timer, and with a daemon one to that. */
async function disableInstances(
  environment: ServerEnvironment,
  folder: string,
  target: string,
  name: RegExp,
): Promise<void> {
  const links = await readdir(join(folder, `${target}.target.wants`)).catch(() => []);
  const units = links.filter((link) => name.test(link));
  if (units.length > 0) await systemctl(environment, "disable", "--now", "--quiet", ...units);
}

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => {}); // it isn't there, or holds what somebody else put there
}

function notOurs(path: string): BdError {
  return new BdError(
    "rejected",
    "UNIT_EDITED",
    `${path} was not written by \`bd server install-unit\` alone, so nothing was stopped or removed`,
    { hint: command`bd server install-unit --dry-run`, details: { files: [{ path }] } },
  );
}
