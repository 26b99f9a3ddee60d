import { lstat, mkdir, realpath, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BdError, command } from "../../errors.ts";
import { errnoOf } from "../../host/errno.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { checkPasswordFile, foreignDropIns, installedPasswordFile } from "./drop-ins.ts";
import { type PlannedUnit, planUnits } from "./plan-units.ts";
import { renderUnits, type UnitPlaces } from "./render-units.ts";
import { ownUnitFolder, REMOTE_PASSWORD_DROP_IN, SERVER_UNIT } from "./unit-files.ts";
import { requireUserManager, showUnit, systemctl } from "./user-manager.ts";

export interface UnitInstallation {
  /** Folder of the templates. */
  readonly templates: string;
  readonly places: UnitPlaces;
  /** Replaces also what was changed by hand; the old file stays beside it. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

export interface InstalledUnit extends PlannedUnit {
  /** Where the file that was replaced by force went. */
  readonly backup: string | undefined;
}

/**
 * Writes the units of this machine where the user manager looks, and tells it. Of several files, one that somebody
 * changed keeps all from being written. What we wrote ourselves is replaced, the rest only by force. A drop-in that we
 * wrote keeps its password file.
 *
 * @throws BdError `rejected` UNIT_EDITED, UNIT_COMMAND_TAKEN; `unavailable` NO_USER_MANAGER, SYSTEMCTL_FAILED; `config`
 *   REMOTE_PASSWORD_FILE, UNIT_PATH_UNUSABLE, UNIT_NOT_WRITABLE, UNIT_NOT_SEEN
 */
export async function installUnits(
  environment: ServerEnvironment,
  installation: UnitInstallation,
): Promise<readonly InstalledUnit[]> {
  const { templates, force, dryRun } = installation;
  if (!dryRun) await requireUserManager(environment);
  const folder = ownUnitFolder(environment);
  const { remotePasswordFile: named } = installation.places;
  if (named !== undefined) checkPasswordFile(named, environment);
  const remotePasswordFile = named ?? (await installedPasswordFile(environment));
  if (remotePasswordFile !== undefined) await refuseOtherCommand(environment, folder);
  const units = await renderUnits(templates, { ...installation.places, remotePasswordFile });
  const planned = await planUnits(environment, folder, units);
  if (dryRun) return planned.map((unit) => ({ ...unit, backup: undefined }));
  if (!force) refuseEdited(planned);
  const installed: InstalledUnit[] = [];
  for (const unit of planned) installed.push({ ...unit, backup: await put(unit) });
  await systemctl(environment, "daemon-reload");
  await requireSeen(environment, join(folder, SERVER_UNIT));
  return installed;
}

/** Our drop-in has a command line of its own, and of two only the last counts: somebody's would be undone unseen. */
async function refuseOtherCommand(environment: ServerEnvironment, folder: string): Promise<void> {
  const own = join(folder, REMOTE_PASSWORD_DROP_IN);
  const rival = (await foreignDropIns(environment)).find(({ path, setsCommand }) => setsCommand && path !== own);
  if (rival === undefined) return;
  throw new BdError(
    "rejected",
    "UNIT_COMMAND_TAKEN",
    `Nothing was written, because ${rival.path} gives the server a command of its own, and so does the drop-in with the password of remotes: one would undo the other`,
    { hint: command`systemctl --user cat dolt-server`, details: { path: rival.path } },
  );
}

function refuseEdited(planned: readonly PlannedUnit[]): void {
  const others = planned.filter(({ state }) => state === "edited" || state === "foreign");
  if (others.length === 0) return;
  const names = others.map(({ path, state }) => `${path} (${state === "edited" ? "changed by hand" : "not ours"})`);
  const differences = others.map(({ diff }) => `\n${(diff ?? "").trimEnd()}`).join("");
  throw new BdError(
    "rejected",
    "UNIT_EDITED",
    `Nothing was written, because what is there was not written by \`bd server install-unit\` alone: ${names.join(", ")}${differences}`,
    {
      hint: command`bd server install-unit --dry-run`,
      details: { files: others.map(({ path, state, diff }) => ({ path, state, diff })) },
    },
  );
}

/** Gives the place of what was there before, where that is kept. */
async function put({ path, state, text }: PlannedUnit): Promise<string | undefined> {
  if (state === "current") return undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    const kept = state === "edited" || state === "foreign" ? await freeBackupName(path) : undefined;
    if (kept !== undefined) await rename(path, kept);
    // systemd passes over names that end otherwise than units do.
    const draft = `${path}.new`;
    await writeFile(draft, text, { mode: 0o644 });
    await rename(draft, path);
    return kept;
  } catch (error) {
    const reason = errnoOf(error) ?? "unknown error";
    throw new BdError("config", "UNIT_NOT_WRITABLE", `${path} can't be written (${reason})`, {
      hint: command`bd server install-unit --dry-run`,
      details: { path, reason },
      cause: error,
    });
  }
}

async function freeBackupName(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${path}.bak` : `${path}.bak${number}`;
    if (!(await exists(name))) return name;
  }
}

/** A link that leads nowhere is there, too. */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** The manager's environment isn't the shell's: it may look for units elsewhere. */
async function requireSeen(environment: ServerEnvironment, path: string): Promise<void> {
  const found = await showUnit(environment, SERVER_UNIT, ["FragmentPath", "LoadState"]);
  const seen = found?.get("FragmentPath");
  if (seen !== undefined && (await isSameFile(seen, path))) return;
  throw new BdError(
    "config",
    "UNIT_NOT_SEEN",
    `${path} was written, but the user manager uses ${seen ?? "no unit of that name"}`,
    { hint: command`bd server status`, details: { path, seen, load_state: found?.get("LoadState") } },
  );
}

/** Home directories are reached in more than one way. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => realpath(path).catch(() => path)));
  return first === second;
}
