import { basename, resolve } from "node:path";
import { runTool } from "../../host/child-process.ts";
import { OUTSIDE_HOOKS } from "../../host/outside-hooks.ts";
import type { GitPlace } from "../git-place.ts";
import type { GitCaller } from "../run-git.ts";
import { SYNC_FILE } from "../sync-file.ts";

/** A commit that git is about to make, as it tells the hook before. */
export interface CommitAhead {
  /** Where git runs the hook. */
  readonly cwd: string;
  readonly beadsDir: string;
  readonly place: GitPlace;
  /** The file as it was before it was written; undefined for none. */
  readonly before: string | undefined;
}

/**
 * Puts the file into the commit that is being made, if nobody put another version of it there. Gives why it was not;
 * undefined where it was, where nothing was new, and where git does not keep the file.
 */
export async function stageFile(
  caller: GitCaller,
  { cwd, beadsDir, place, before }: CommitAhead,
): Promise<string | undefined> {
  const index = caller.env["GIT_INDEX_FILE"];
  const env = { ...OUTSIDE_HOOKS, LC_ALL: "C", ...(index ? { GIT_INDEX_FILE: resolve(cwd, index) } : {}) };
  const git = async (...args: readonly string[]) => {
    const call = {
      path: "git",
      args: ["--literal-pathspecs", "-c", "core.fsmonitor=false", ...args],
      cwd: beadsDir,
      env,
      timeoutMs: 10_000,
    };
    const asked = await runTool(caller, call);
    return asked.kind === "ended" && asked.exitCode === 0 ? asked.stdout.trim() : undefined;
  };
  const [, staged] = /^\d+ ([0-9a-f]+) 0\t/.exec((await git("ls-files", "-s", "--", SYNC_FILE)) ?? "") ?? [];
  if (staged === undefined) return undefined;
  if ((await git("diff-files", "--quiet", "--", SYNC_FILE)) !== undefined) return undefined;
  // `git commit FILE` makes its commit of a temporary index, and the real one would stay older than the commit.
  if (basename(index ?? "").startsWith("next-index-")) return "this commit is of some files alone";
  if (staged !== place.headBlob && staged !== before) return "another version of it is staged";
  return (await git("add", "--", SYNC_FILE)) === undefined ? "git does not take it" : undefined;
}
