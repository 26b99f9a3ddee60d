import { basename, dirname, join, resolve } from "node:path";
import { BdError, command } from "../../errors.ts";
import { type Owners, trustedOwners } from "../../host/owners.ts";
import { fileKindAt, readTextFile, realName, statsIfSeen } from "../../host/read-file.ts";
import { requireInside } from "../../host/write-file.ts";
import { environmentValue, type ProcessView } from "../process-view.ts";
import { isGitRoot, mainWorktreeOf } from "./git-folder.ts";
import { initHint } from "./init-hint.ts";
import { ownJsonlIn } from "./own-jsonl.ts";
import { requireOwnRepository } from "./own-repository.ts";
import { ownersOfWorkspace } from "./workspace-owner.ts";

/** A `.beads` folder and the files in it. All paths are absolute; the files need not exist. */
export interface Workspace {
  readonly beadsDir: string;
  /** The folder that holds the `.beads` folder. */
  readonly root: string;
  /** The `.beads` folder whose `redirect` file led here. */
  readonly redirectedFrom?: string | undefined;
  readonly metadataPath: string;
  readonly configPath: string;
  /** Who may own what is read from it; undefined for anybody, where the person has said that it is trusted. */
  readonly owners?: Owners;
}

const ANYBODY = (): Owners => undefined;

interface Search {
  /** `-C DIR`. */
  readonly directory?: string | undefined;
  /** Folders whose workspaces are trusted whoever owns them. */
  readonly trusted?: readonly string[] | undefined;
}

/** The workspace of a `.beads` folder, without a look at the disk. */
export function workspaceIn(
  beadsDir: string,
  { redirectedFrom, owners }: Pick<Workspace, "redirectedFrom" | "owners"> = {},
): Workspace {
  return {
    beadsDir,
    root: dirname(beadsDir),
    ...(redirectedFrom === undefined ? {} : { redirectedFrom }),
    metadataPath: join(beadsDir, "metadata.json"),
    configPath: join(beadsDir, "config.yaml"),
    ...(owners === undefined ? {} : { owners }),
  };
}

/**
 * Finds the workspace of a command: that of `directory` (`-C DIR`), or `BEADS_DIR`, or the nearest `.beads` from the
 * working directory up, or that of the main worktree. The way up ends at the git root, the home folder, or the edge of
 * a file system. One `redirect` file is followed. `BEADS_DIR` is the person's word; any other folder must be trusted,
 * and lead to no other repository unless it is.
 *
 * @throws BdError config: DIRECTORY_NOT_FOUND and NO_WORKSPACE for `directory`, BEADS_DIR_NOT_FOUND, REDIRECT_BROKEN,
 *   WORKSPACE_NOT_TRUSTED, WORKSPACE_LEADS_OUT, and as `readTextFile`
 */
export function findWorkspace(view: ProcessView, search: Search = {}): Workspace | undefined {
  const { directory } = search;
  if (directory !== undefined) {
    const found = searchUpwards(existingDirectory(view, directory), view.home);
    if (found === undefined) throw noWorkspaceError(view, directory);
    return trustedWorkspace(found, view, search);
  }
  const named = environmentValue(view, "BEADS_DIR");
  if (named !== undefined) return followRedirect(realName(existingBeadsDir(resolve(view.cwd, named))), ANYBODY);
  const found = searchUpwards(view.cwd, view.home);
  return found === undefined ? undefined : trustedWorkspace(found, view, search);
}

/**
 * Where `bd init` puts a new workspace: `DIR/.beads`, or `BEADS_DIR`, or `.beads` in the working directory; where a
 * `redirect` stands there, the folder that it names.
 *
 * @throws BdError config: DIRECTORY_NOT_FOUND, REDIRECT_BROKEN, WORKSPACE_NOT_TRUSTED, WORKSPACE_LEADS_OUT, and as
 *   `readTextFile`
 */
export function newWorkspace(view: ProcessView, search: Search = {}): Workspace {
  const { directory } = search;
  const named = directory === undefined ? environmentValue(view, "BEADS_DIR") : undefined;
  if (named !== undefined) {
    const path = resolve(view.cwd, named);
    return followRedirect(isDirectory(path) ? realName(path) : path, ANYBODY);
  }
  const folder = directory === undefined ? view.cwd : existingDirectory(view, directory);
  const beadsDir = join(folder, ".beads");
  return isDirectory(beadsDir) ? trustedWorkspace({ beadsDir, origin: folder }, view, search) : workspaceIn(beadsDir);
}

/**
 * The error of every command that needs a workspace and finds none. Of a tracker that was kept without `metadata.json`,
 * the issues may be there.
 */
export function noWorkspaceError(view: ProcessView, directory?: string): BdError {
  const where = directory === undefined ? "" : ` in ${directory}`;
  const left = searchUpwards(resolve(view.cwd, directory ?? "."), view.home, (beadsDir, inHome) =>
    inHome ? false : ownJsonlIn(beadsDir) !== undefined,
  );
  const folder = left === undefined ? undefined : workspaceIn(left.beadsDir);
  const lines = folder === undefined ? "" : `, but issues as JSONL in ${folder.beadsDir}`;
  return new BdError("config", "NO_WORKSPACE", `no beads database found${where}${lines}`, {
    hint: initHint(view, folder),
  });
}

/**
 * The workspace that commands in the folder of a new one use now, because it lies above, or in the main worktree;
 * undefined for none.
 */
export function workspaceAbove({ root, beadsDir }: Workspace, { home }: ProcessView): Workspace | undefined {
  const found = searchUpwards(root, home);
  return found === undefined || found.beadsDir === beadsDir ? undefined : workspaceIn(found.beadsDir);
}

/**
 * The folder that writes to a workspace must stay in. A `.beads` that is a link out of its project is good to read, but
 * nobody's word to write elsewhere: whoever means that folder names it by `BEADS_DIR`.
 *
 * @throws BdError config/LINK_LEADS_OUT
 */
export function requireOwnFolder({ beadsDir, root }: Workspace): string {
  if (!isDirectory(beadsDir)) return beadsDir;
  const real = realName(beadsDir);
  requireInside(beadsDir, real, root, command`BEADS_DIR=${real} bd where`);
  return beadsDir;
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

/** A `.beads` folder, and the folder of the way up that has it: its own, or a linked worktree. */
interface Found {
  readonly beadsDir: string;
  readonly origin: string;
}

function searchUpwards(start: string, home: string, isOne = isWorkspaceFolder): Found | undefined {
  const homeStats = statsIfSeen(home);
  let folder = start;
  let here = statsIfSeen(folder);
  for (;;) {
    const beadsDir = join(folder, ".beads");
    const isHome = here !== undefined && here.ino === homeStats?.ino && here.dev === homeStats.dev;
    if (isOne(beadsDir, isHome)) return { beadsDir, origin: folder };
    if (isGitRoot(folder)) return beadsDirOfMainWorktree(folder, isOne);
    const parent = dirname(folder);
    const above = statsIfSeen(parent);
    // What lies above the home folder, or on another file system, is other people's.
    if (isHome || parent === folder || above?.dev !== here?.dev) return undefined;
    folder = parent;
    here = above;
  }
}

function beadsDirOfMainWorktree(linked: string, isOne: typeof isWorkspaceFolder): Found | undefined {
  const main = mainWorktreeOf(linked);
  if (main === undefined) return undefined;
  const beadsDir = join(main, ".beads");
  return isOne(beadsDir, false) ? { beadsDir, origin: linked } : undefined;
}

/** In the home folder, `.beads` is where our server keeps its data, and a `config.yaml` there is a person's. */
function isWorkspaceFolder(beadsDir: string, inHome: boolean): boolean {
  const marks = inHome ? ["metadata.json", "redirect"] : ["metadata.json", "redirect", "config.yaml"];
  return marks.some((name) => fileKindAt(join(beadsDir, name)) !== undefined);
}

/** A workspace that was found, not named. Throws BdError config WORKSPACE_NOT_TRUSTED, WORKSPACE_LEADS_OUT. */
function trustedWorkspace({ beadsDir, origin }: Found, view: ProcessView, { trusted = [] }: Search): Workspace {
  const owners = trustedOwners(view);
  const workspace = followRedirect(beadsDir, (folder) => ownersOfWorkspace(folder, { owners, trusted }));
  requireOwnRepository(workspace, { origin, trusted });
  return workspace;
}

/** One hop, as the peer does it: a chain of redirects could go in circles. */
function followRedirect(beadsDir: string, ownersOf: (beadsDir: string) => Owners): Workspace {
  const owners = ownersOf(beadsDir);
  const redirectPath = join(beadsDir, "redirect");
  const target = readTextFile(redirectPath, { owners })
    ?.split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "" && !line.startsWith("#"));
  if (target === undefined) return workspaceIn(beadsDir, { owners });
  const path = resolve(dirname(beadsDir), target);
  if (path === beadsDir) return workspaceIn(beadsDir, { owners });
  if (!isDirectory(path)) throw brokenRedirect(`there is no directory ${path}`, { path, redirect: redirectPath });
  // Else a file in a project would make a workspace of any folder of the person's.
  if (basename(path) !== ".beads" && fileKindAt(join(path, "metadata.json")) === undefined) {
    throw brokenRedirect(`there is no workspace in ${path}`, { path, redirect: redirectPath });
  }
  return workspaceIn(path, { redirectedFrom: beadsDir, owners: ownersOf(path) });
}

function brokenRedirect(what: string, details: { readonly path: string; readonly redirect: string }): BdError {
  return new BdError("config", "REDIRECT_BROKEN", `${what}, which ${details.redirect} names`, {
    hint: command`bd where`,
    details,
  });
}

function isDirectory(path: string): boolean {
  return fileKindAt(path) === "directory";
}
