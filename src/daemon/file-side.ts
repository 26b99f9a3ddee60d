import { dirname } from "node:path";
import { runTool } from "../host/child-process.ts";
import { OUTSIDE_HOOKS } from "../host/outside-hooks.ts";
import type { DaemonOptions } from "../ops/caller.ts";
import type { Timing } from "../store/connection/pauses.ts";
import { type Debounced, debounce } from "./debounce.ts";
import type { FileSync } from "./file-sync.ts";
import type { Statistics } from "./statistics.ts";
import { type FileWatch, watchFiles } from "./watch-files.ts";

/** No burst is so long that nothing is done about it. */
const CEILING_MS = 5000;

interface FileSideFacts {
  readonly options: DaemonOptions;
  readonly statistics: Statistics;
  readonly timing: Timing;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onTrouble: (why: string) => void;
  readonly sync: Pick<FileSync, "run" | "end">;
}

/**
 * What a daemon does about files: gathers what it is told of the file of issues and of git, and what changes in the tracker,
 * and has each batch taken in or written. The file is written after changes in the tracker alone: a checkout leaves it as it is.
 */
export class FileSide {
  readonly #facts: FileSideFacts;
  readonly #imports: Debounced;
  readonly #exports: Debounced;
  #watch: FileWatch | undefined;
  #isEnding = false;

  constructor(facts: FileSideFacts) {
    this.#facts = facts;
    const { timing, options } = facts;
    const gather = (act: (count: number) => void) =>
      debounce({ quietMs: options.debounceMs, ceilingMs: CEILING_MS, timing, act });
    this.#imports = gather((count) => this.#fileChanged(count));
    this.#exports = gather((count) => this.#exportDue(count));
  }

  async begin(): Promise<void> {
    const { options, statistics, onTrouble } = this.#facts;
    this.#watch = await watchFiles({
      beadsDir: options.beadsDir,
      gitLogs: await this.#gitLogs(),
      polls: options.mode === "poll",
      pollMs: options.pollMs,
      fallsBack: options.fallsBack,
      onChange: () => {
        statistics.watcher.events += 1;
        this.changed();
      },
      onTrouble: (why) => {
        statistics.watcher.errors += 1;
        statistics.watcher.lastError = why;
        onTrouble(why);
      },
    });
  }

  /** A file has changed. */
  changed(): void {
    this.#facts.statistics.files.changes += 1;
    this.#imports.add();
  }

  /** The tracker has changed. */
  mutated(): void {
    this.#facts.statistics.mutations.seen += 1;
    this.#exports.add();
  }

  get watching(): { readonly paths: readonly string[]; readonly isPolling: boolean } {
    return { paths: this.#watch?.paths ?? [], isPolling: this.#watch?.isPolling() ?? false };
  }

  /** Does what waits, and gives in words what that was. */
  async end(): Promise<string> {
    await this.#watch?.close();
    this.#isEnding = true;
    const [files, changes] = [this.#imports.flush(), this.#exports.flush()];
    await this.#facts.sync.end();
    return files + changes === 0 ? "nothing waited" : `flushed ${files} file changes and ${changes} mutations`;
  }

  #fileChanged(count: number): void {
    const { files } = this.#facts.statistics;
    files.imports += 1;
    files.importedChanges += count;
    void this.#facts.sync.run("import").then((again) => {
      if (again && !this.#isEnding) this.#imports.add();
    });
  }

  #exportDue(count: number): void {
    const { mutations } = this.#facts.statistics;
    mutations.exports += 1;
    mutations.exported += count;
    void this.#facts.sync.run("flush").then((again) => {
      if (again && !this.#isEnding) this.#exports.add();
    });
  }

  /** The folder of git's log of HEAD, which belongs to each worktree. */
  async #gitLogs(): Promise<string | undefined> {
    const { env, options } = this.#facts;
    const args = ["rev-parse", "--path-format=absolute", "--git-path", "logs"];
    const call = { path: "git", args, cwd: dirname(options.beadsDir), env: OUTSIDE_HOOKS };
    const asked = await runTool({ env }, call);
    const path = asked.kind === "ended" && asked.exitCode === 0 ? asked.stdout.trim() : "";
    return path === "" ? undefined : path;
  }
}
