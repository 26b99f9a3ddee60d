import { lstatSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { socketPath } from "../rpc/socket-path.ts";

export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number | undefined;
}

/**
 * The `.beads` folder whose daemon may know what to do: that of BEADS_DIR, or the nearest on the way up, or where a redirect
 * or a linked worktree leads; undefined for none, and with BEADS_NO_DAEMON. It is a guess that costs nothing when it is
 * wrong: whoever is found there finds the workspace of the line by all the rules (`config/workspace/workspace.ts`), which a
 * daemon does for any folder.
 */
export function findSocketFolder({ cwd, env, uid }: Place): string | undefined {
  if (env["BEADS_NO_DAEMON"]) return undefined;
  const named = env["BEADS_DIR"];
  if (named) return ownSocketIn(resolve(cwd, named), uid);
  for (let folder = cwd; ; folder = dirname(folder)) {
    const beadsDir = join(folder, ".beads");
    if (exists(beadsDir)) return ownSocketIn(beadsDir, uid) ?? ownSocketIn(redirected(beadsDir), uid);
    if (exists(join(folder, ".git"))) return ownSocketIn(mainWorktreeBeads(folder), uid);
    if (dirname(folder) === folder) return undefined;
  }
}

/** A socket that another user has put there could listen to everything. */
function ownSocketIn(beadsDir: string | undefined, uid: number | undefined): string | undefined {
  if (beadsDir === undefined) return undefined;
  const stats = lstatSync(socketPath(beadsDir), { throwIfNoEntry: false });
  return stats?.isSocket() === true && stats.uid === uid ? beadsDir : undefined;
}

const exists = (path: string) => statSync(path, { throwIfNoEntry: false }) !== undefined;

function redirected(beadsDir: string): string | undefined {
  const target = textOf(join(beadsDir, "redirect"))
    ?.split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "" && !line.startsWith("#"));
  return target === undefined ? undefined : resolve(dirname(beadsDir), target);
}

/** The `.git` file of a linked worktree names `MAIN/.git/worktrees/NAME`. */
function mainWorktreeBeads(folder: string): string | undefined {
  const pointer = /^gitdir: *(.+?)\s*$/m.exec(textOf(join(folder, ".git")) ?? "")?.[1];
  const main = /^(.*)[/\\]\.git[/\\]worktrees[/\\][^/\\]+$/.exec(resolve(folder, pointer ?? ""))?.[1];
  return main === undefined ? undefined : join(main, ".beads");
}

const MOST_BYTES = 4096;

function textOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= MOST_BYTES ? readFileSync(path, "utf8") : undefined;
}
