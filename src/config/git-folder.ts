import { basename, dirname, join, resolve } from "node:path";
import { fileKindAt, readTextFile } from "../host/read-file.ts";

/** True for a folder that holds `.git`, be it a folder (a clone) or a file (a linked worktree or a submodule). */
export function isGitRoot(folder: string): boolean {
  return fileKindAt(join(folder, ".git")) !== undefined;
}

/**
 * The root of the main worktree, when `root` is a linked worktree of it. Read from git's own files, because a git
 * process would cost more than the whole command. A submodule has no `commondir` file, so it is nobody's worktree.
 */
export function mainWorktreeOf(root: string): string | undefined {
  const dotGit = join(root, ".git");
  if (fileKindAt(dotGit) !== "file") return undefined;
  const pointer = /^gitdir: *(.+?)\s*$/m.exec(readTextFile(dotGit) ?? "")?.[1];
  if (pointer === undefined) return undefined;
  const gitDir = resolve(root, pointer);
  const common = readTextFile(join(gitDir, "commondir"))?.trim();
  if (common === undefined || common === "") return undefined;
  const commonDir = resolve(gitDir, common);
  // `project/.git` has its worktree around it, and so has the hidden bare repository that worktree users like
  // (`project/.bare`); the surroundings of `/srv/project.git` are anybody's.
  return basename(commonDir).startsWith(".") ? dirname(commonDir) : undefined;
}
