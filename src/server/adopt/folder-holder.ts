import { readdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { BdError, command } from "../../errors.ts";
import { notedListener } from "../data-holder.ts";
import { inspectProcess } from "../process-identity.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import type { OldDataFolder } from "./old-folder.ts";

/**
 * Refuses a data folder that a program works on: a server says so in a file beside the data; any dolt holds the lock of a
 * database, which Linux shows. Throws BdError unavailable DATA_FOLDER_HELD.
 */
export async function refuseHeldFolder(environment: ServerEnvironment, folder: OldDataFolder): Promise<void> {
  const pid = await holderOf(environment, folder);
  if (pid === undefined) return;
  const holder = await inspectProcess(environment, pid);
  const program = holder === undefined ? "" : ` (${holder.commandLine.slice(0, SHOWN_COMMAND)})`;
  throw new BdError(
    "unavailable",
    "DATA_FOLDER_HELD",
    `Process ${pid}${program} works on ${folder.path}; nothing was copied. End it first: what is copied from under a server is torn`,
    { hint: command`bd server status`, details: { path: folder.path, pid } },
  );
}

const SHOWN_COMMAND = 200;

async function holderOf(
  environment: ServerEnvironment,
  { path, databases }: OldDataFolder,
): Promise<number | undefined> {
  const folders = [path, ...databases.map((name) => join(path, name))];
  for (const folder of folders) {
    const pid = await notedListener(join(folder, ".dolt", "sql-server.info"));
    if (pid !== undefined && (await inspectProcess(environment, pid)) !== undefined) return pid;
  }
  if (environment.platform !== "linux") return undefined;
  const locks = await flocks();
  for (const name of databases) {
    const pid = await lockHolder(join(path, name, ".dolt", "noms", "LOCK"), locks);
    if (pid !== undefined) return pid;
  }
  return undefined;
}

interface Flock {
  readonly pid: number;
  readonly inode: number;
}

/** As in proc(5): `1: FLOCK  ADVISORY  WRITE 708 08:01:1180 0 EOF`. */
async function flocks(): Promise<readonly Flock[]> {
  const text = await readFile("/proc/locks", "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const [, pid, inode] = /^\d+: (?:FLOCK|POSIX|OFDLCK)\s+\S+\s+WRITE\s+(\d+)\s+\w+:\w+:(\d+)\s/.exec(line) ?? [];
    return pid === undefined || inode === undefined ? [] : [{ pid: Number(pid), inode: Number(inode) }];
  });
}

/** Inodes of two disks may be one number, and what the kernel calls a disk is not what `stat` says of some: files decide. */
async function lockHolder(lockFile: string, locks: readonly Flock[]): Promise<number | undefined> {
  const inode = await stat(lockFile).then(
    (stats) => stats.ino,
    () => undefined,
  );
  for (const { pid } of locks.filter((lock) => lock.inode === inode)) {
    if (await hasOpen(pid, await realpath(lockFile))) return pid;
  }
  return undefined;
}

/** Of a process that is not ours to look into, the worse is to be feared. */
async function hasOpen(pid: number, file: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const open = await readdir(folder).catch(() => undefined);
  if (open === undefined) return true;
  const targets = await Promise.all(open.map((fd) => readlink(join(folder, fd)).catch(() => "")));
  return targets.includes(file);
}
