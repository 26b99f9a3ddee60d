import { dirname, join } from "node:path";
import { statsIfSeen } from "../host/read-file.ts";
import { askGit, type GitIdentity } from "./git-actor.ts";
import { environmentValue, type ProcessView } from "./process-view.ts";
import { gitFilesOf } from "./workspace/git-folder.ts";

/** Who git says that people are: asked once, and again when anything has changed that could make it another answer. */
export interface GitIdentities {
  /** As `readGitIdentity`. */
  of(view: Asker, signal?: AbortSignal): Promise<GitIdentity>;
}

type Asker = Pick<ProcessView, "env" | "cwd">;

interface Known {
  readonly identity: GitIdentity;
  readonly files: readonly string[];
  readonly look: string;
  readonly until: number;
}

/** For what we don't see: a file of the whole machine at a place of its own, another git. */
const KNOWN_FOR_MS = 60_000;
const MOST_KNOWN = 100;

/** Variables that lead git to other files than the usual ones. */
const LEADS_AWAY =
  /^GIT_(?:DIR|COMMON_DIR|WORK_TREE|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|CONFIG(?!_NOSYSTEM$))/;

/**
 * For a process that stays. What includes further files is asked for each time: which these are may hang on a branch or a
 * remote.
 */
export function openGitIdentities(now: () => number): GitIdentities {
  const known = new Map<string, Known>();
  return {
    async of(view, signal) {
      const key = keyOf(view);
      const found = known.get(key);
      if (found !== undefined && now() < found.until && lookOf(found.files) === found.look) return found.identity;
      known.delete(key);
      const usual = usualFiles(view);
      const before = usual && lookOf(usual);
      const { identity, origins, isWhole } = await askGit(view, signal);
      const isPlain = isWhole && !Object.keys(view.env).some((name) => LEADS_AWAY.test(name));
      if (!isPlain || usual === undefined || lookOf(usual) !== before) return identity;
      if (known.size === MOST_KNOWN) known.clear();
      const files = [...new Set([...usual, ...origins])];
      known.set(key, { identity, files, look: lookOf(files), until: now() + KNOWN_FOR_MS });
      return identity;
    },
  };
}

function keyOf({ env, cwd }: Asker): string {
  const heard = Object.entries(env).filter(([name]) => /^(?:GIT_.*|HOME|XDG_CONFIG_HOME|PATH)$/.test(name));
  return JSON.stringify([cwd, heard]);
}

/** Where git looks, whether anything is there or not; undefined where that can't be told. */
function usualFiles(view: Asker): string[] | undefined {
  const home = environmentValue(view, "HOME");
  const config = environmentValue(view, "XDG_CONFIG_HOME") ?? (home === undefined ? undefined : join(home, ".config"));
  const ofPerson = [
    ...(config === undefined ? [] : [join(config, "git/config")]),
    ...(home === undefined ? [] : [join(home, ".gitconfig")]),
  ];
  try {
    return ["/etc/gitconfig", ...ofPerson, ...foldersFrom(view.cwd).flatMap(gitFilesOf)];
  } catch {
    return undefined;
  }
}

function foldersFrom(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersFrom(above)];
}

function lookOf(files: readonly string[]): string {
  const looks = files.map((file) => {
    const stats = statsIfSeen(file);
    if (stats === undefined) return undefined;
    // A folder's times change whenever git works in it.
    return [
      stats.dev,
      stats.ino,
      stats.uid,
      ...(stats.isDirectory() ? [] : [stats.size, stats.mtimeMs, stats.ctimeMs]),
    ];
  });
  return JSON.stringify(looks);
}
