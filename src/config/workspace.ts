import { dirname, join, resolve } from "node:path";
import { BdError, command } from "../errors.ts";
import { isGitRoot, mainWorktreeOf } from "./git-folder.ts";
import { environmentValue, type ProcessView } from "./process-view.ts";
import { fileKindAt, readTextFile } from "./text-file.ts";

/** A `.beads` folder and the files in it. All paths are absolute; the files need not exist. */
export interface Workspace {
  readonly beadsDir: string;
  /** The folder that holds the `.beads` folder. */
  readonly root: string;
  /** The `.beads` folder whose `redirect` file led here. */
  readonly redirectedFrom?: string | undefined;
  readonly metadataPath: string;
  readonly configPath: string;
}

/** The workspace of a `.beads` folder, without a look at the disk. */
export function workspaceIn(beadsDir: string, redirectedFrom?: string): Workspace {
  return {
    beadsDir,
    root: dirname(beadsDir),
    ...(redirectedFrom === undefined ? {} : { redirectedFrom }),
    metadataPath: join(beadsDir, "metadata.json"),
    configPath: join(beadsDir, "config.yaml"),
  };
}

/**
 * Finds the workspace of a command: that of `directory` (`-C DIR`), or `BEADS_DIR`, or the nearest `.beads` from the
 * working directory up to the git root, or that of the main worktree. One `redirect` file is followed.
 *
 * @throws BdError config: DIRECTORY_NOT_FOUND and NO_WORKSPACE for `directory`, BEADS_DIR_NOT_FOUND, REDIRECT_BROKEN,
 *   FILE_UNREADABLE
 */
export function findWorkspace(
  view: ProcessView,
  options: { readonly directory?: string | undefined } = {},
): Workspace | undefined {
  if (options.directory !== undefined) {
    const found = searchUpwards(existingDirectory(view, options.directory), view.home);
    if (found === undefined) throw noWorkspaceError(options.directory);
    return followRedirect(found);
  }
  const named = environmentValue(view, "BEADS_DIR");
  if (named !== undefined) return followRedirect(existingBeadsDir(resolve(view.cwd, named)));
  const found = searchUpwards(view.cwd, view.home);
  return found === undefined ? undefined : followRedirect(found);
}

/**
 * Where `bd init` puts a new workspace: `DIR/.beads`, or `BEADS_DIR`, or `.beads` in the working directory; where a
 * `redirect` stands there, the folder that it names.
 *
 * @throws BdError config: DIRECTORY_NOT_FOUND, REDIRECT_BROKEN, FILE_UNREADABLE
 */
export function newWorkspace(view: ProcessView, options: { readonly directory?: string | undefined } = {}): Workspace {
  if (options.directory !== undefined)
    return followRedirect(join(existingDirectory(view, options.directory), ".beads"));
  const named = environmentValue(view, "BEADS_DIR");
  return followRedirect(named === undefined ? join(view.cwd, ".beads") : resolve(view.cwd, named));
}

/** The error of every command that needs a workspace and finds none. */
export function noWorkspaceError(directory?: string): BdError {
  const where = directory === undefined ? "" : ` in ${directory}`;
  return new BdError("config", "NO_WORKSPACE", `no beads database found${where}`, {
    hint: command`bd init`,
  });
}

function existingDirectory(view: ProcessView, directory: string): string {
  const path = resolve(view.cwd, directory);
  if (isDirectory(path)) return path;
  throw new BdError("config", "DIRECTORY_NOT_FOUND", `there is no directory ${path}, which -C names`, {
    hint: command`bd where`,
    details: { path },
  });
}

function existingBeadsDir(path: string): string {
  if (isDirectory(path)) return path;
  throw new BdError("config", "BEADS_DIR_NOT_FOUND", `there is no directory ${path}, which BEADS_DIR names`, {
    hint: command`bd init`,
    details: { path },
  });
}

function searchUpwards(start: string, home: string): string | undefined {
  let folder = start;
  for (;;) {
    const beadsDir = join(folder, ".beads");
    if (isWorkspaceFolder(beadsDir, folder === home)) return beadsDir;
    if (isGitRoot(folder)) return beadsDirOfMainWorktree(folder);
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function beadsDirOfMainWorktree(linked: string): string | undefined {
  const main = mainWorktreeOf(linked);
  if (main === undefined) return undefined;
  const beadsDir = join(main, ".beads");
  return isWorkspaceFolder(beadsDir, false) ? beadsDir : undefined;
}

/** In the home folder, `.beads` is where our server keeps its data, and a `config.yaml` there is a person's. */
function isWorkspaceFolder(beadsDir: string, inHome: boolean): boolean {
  const marks = inHome ? ["metadata.json", "redirect"] : ["metadata.json", "redirect", "config.yaml"];
  return marks.some((name) => fileKindAt(join(beadsDir, name)) !== undefined);
}

/** One hop, as the peer does it: a chain of redirects could go in circles. */
function followRedirect(beadsDir: string): Workspace {
  const redirectPath = join(beadsDir, "redirect");
  const target = readTextFile(redirectPath)
    ?.split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "" && !line.startsWith("#"));
  if (target === undefined) return workspaceIn(beadsDir);
  const path = resolve(dirname(beadsDir), target);
  if (path === beadsDir) return workspaceIn(beadsDir);
  if (isDirectory(path)) return workspaceIn(path, beadsDir);
  throw new BdError("config", "REDIRECT_BROKEN", `there is no directory ${path}, which ${redirectPath} names`, {
    hint: command`bd where`,
    details: { path, redirect: redirectPath },
  });
}

function isDirectory(path: string): boolean {
  return fileKindAt(path) === "directory";
}
