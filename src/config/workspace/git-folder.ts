import { basename, dirname, join, resolve } from "node:path";
import { isInside } from "../../host/is-inside.ts";
import { fileKindAt, isLink, readTextFile, realName } from "../../host/read-file.ts";

/** True for a folder that holds `.git`, be it a folder (a clone) or a file (a linked worktree or a submodule). */
export function isGitRoot(folder: string): boolean {
  return fileKindAt(join(folder, ".git")) !== undefined;
}

/**
 * The root of the main worktree, when `root` is a linked worktree of it. Read from git's own files, because a git
 * process would cost more than the whole command. A submodule has no `commondir` file, so it is nobody's worktree.
 */
export function mainWorktreeOf(root: string): string | undefined {
  const common = commonDirOf(gitDirOf(root));
  return common === undefined ? undefined : surroundings(common);
}

/**
 * Whether git knows two folders as parts of one repository: one clone, or a clone and its linked worktrees. Where git
 * knows neither, whether the second lies in the first. Nothing in a folder can claim it: a linked worktree counts where
 * the repository that it names has it in its list. Both folders must be named without links.
 *
 * @throws BdError as `readTextFile`
 */
export function isOneRepository(first: string, second: string): boolean {
  const [left, right] = [repositoryOf(first), repositoryOf(second)];
  if (left === undefined && right === undefined) return isInside(second, first);
  return left !== undefined && (left === right || second === surroundings(left));
}

/** The git directory that a folder shares with all others of its repository; undefined where git knows none. */
function repositoryOf(folder: string): string | undefined {
  const dotGit = join(folder, ".git");
  const kind = fileKindAt(dotGit);
  if (kind === undefined) return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
  const gitDir = kind === "file" && !isLink(dotGit) ? gitDirOf(folder) : undefined;
  if (gitDir === undefined) return dotGit;
  const common = commonDirOf(gitDir);
  if (common === undefined) return isInside(gitDir, folder) ? gitDir : dotGit;
  return isListed(folder, { gitDir, common }) ? common : dotGit;
}

/** The files that decide what git's configuration says in a folder that has `.git`, there or not. */
export function gitFilesOf(folder: string): string[] {
  const dotGit = join(folder, ".git");
  const gitDir = gitDirOf(folder) ?? dotGit;
  const common = commonDirOf(gitDir) ?? gitDir;
  const files = [gitDir, join(gitDir, "commondir"), join(gitDir, "config.worktree"), join(common, "config")];
  return [dotGit, ...files];
}

/** Where the `.git` file of a folder points, without links where that is there. */
function gitDirOf(root: string): string | undefined {
  const dotGit = join(root, ".git");
  if (fileKindAt(dotGit) !== "file") return undefined;
  const pointer = /^gitdir: *(.+?)\s*$/m.exec(readTextFile(dotGit) ?? "")?.[1];
  return pointer === undefined ? undefined : withoutLinks(resolve(root, pointer));
}

/** The git directory of the repository that a linked worktree's own one belongs to. */
function commonDirOf(gitDir: string | undefined): string | undefined {
  if (gitDir === undefined) return undefined;
  const common = readTextFile(join(gitDir, "commondir"))?.trim();
  return common === undefined || common === "" ? undefined : withoutLinks(resolve(gitDir, common));
}

/** Whether the repository has this worktree in its list: its own files name it, not only the other way round. */
function isListed(root: string, { gitDir, common }: { readonly gitDir: string; readonly common: string }): boolean {
  if (dirname(gitDir) !== join(common, "worktrees")) return false;
  const listed = readTextFile(join(gitDir, "gitdir"))?.trim() ?? "";
  return listed !== "" && withoutLinks(dirname(resolve(gitDir, listed))) === root;
}

/**
 * The worktree around a git directory. `project/.git` has it around itself, and so has the hidden bare repository that
 * worktree users like (`project/.bare`); the surroundings of `/srv/project.git` are anybody's.
 */
function surroundings(gitDir: string): string | undefined {
  return basename(gitDir).startsWith(".") ? dirname(gitDir) : undefined;
}

function withoutLinks(path: string): string {
  return fileKindAt(path) === undefined ? path : realName(path);
}
