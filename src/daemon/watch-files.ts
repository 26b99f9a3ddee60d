import { stat } from "node:fs/promises";
import { join } from "node:path";
import { watch } from "chokidar";
import { errnoOf } from "../host/errno.ts";

export interface FileWatch {
  /** What it looks at. */
  readonly paths: readonly string[];
  /** Whether it looks again and again, because it was told to or because it can't be told of changes. */
  readonly isPolling: () => boolean;
  close(): Promise<void>;
}

export interface WatchOptions {
  /** The `.beads` folder. */
  readonly beadsDir: string;
  /** The folder of git's own log of where HEAD went, if git has the project. */
  readonly gitLogs: string | undefined;
  readonly polls: boolean;
  readonly pollMs: number;
  /** Whether polling is the way out where the system can tell no more. */
  readonly fallsBack: boolean;
  readonly onChange: (path: string) => void;
  /** A trouble, for people; it goes on all the same. */
  readonly onTrouble: (why: string) => void;
}

/** The file that travels with git. */
const FILE = "issues.jsonl";

/** Limits of the system that end being told of changes: of watches, of watchers, of open files. */
const LIMITS = new Set(["ENOSPC", "EMFILE", "ENFILE"]);

/**
 * Watches the file of issues, and each movement of git's HEAD. Folders are watched, not files: those are replaced, and a
 * watch of the old one hears nothing of the new one.
 */
export async function watchFiles(options: WatchOptions): Promise<FileWatch> {
  const { beadsDir, gitLogs, pollMs, fallsBack, onChange, onTrouble } = options;
  const logs = gitLogs !== undefined && (await isThere(gitLogs)) ? [gitLogs] : [];
  const folders = [beadsDir, ...logs];
  const wanted = new Set([join(beadsDir, FILE), ...logs.map((folder) => join(folder, "HEAD"))]);
  let isPolling = options.polls;
  // Of whichever watcher gets so far: the first may give way to one that polls.
  const ready = Promise.withResolvers<void>();
  const open = (usePolling: boolean) =>
    watch(folders, {
      depth: 0,
      ignoreInitial: true,
      usePolling,
      interval: pollMs,
      ignored: (path) => !folders.includes(path) && !wanted.has(path),
    })
      .on("all", (_event, path) => {
        if (wanted.has(path)) onChange(path);
      })
      .on("ready", () => ready.resolve())
      .on("error", trouble);
  let watcher = open(isPolling);
  function trouble(error: unknown): void {
    const name = errnoOf(error) ?? String(error);
    if (isPolling || !fallsBack || !LIMITS.has(name)) return onTrouble(`watching files: ${name}`);
    isPolling = true;
    onTrouble(`the system's limit of watches is reached (${name}): looking every ${pollMs} ms instead`);
    void watcher.close();
    watcher = open(true);
  }
  await ready.promise;
  return { paths: [...wanted], isPolling: () => isPolling, close: () => watcher.close() };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
