import type { Actor } from "../../core/actor.ts";
import type { DeletionRules } from "../../core/jsonl-merge/issue-fate.ts";
import { mergeFiles } from "../../core/jsonl-merge/merge-files.ts";
import { linesOf } from "../../core/jsonl-merge/sort-out-lines.ts";
import { BdError, type CommandLine, command } from "../../errors.ts";
import type { FileHome } from "../file-home.ts";
import { GitPlace } from "../git-place.ts";
import { askGit, type GitCaller, git } from "../run-git.ts";
import { blobOf, formatOf, type ObjectFormat, SYNC_FILE, type SyncFile } from "../sync-file.ts";
import { BranchRemote } from "./branch-remote.ts";
import { commitFile } from "./commit-file.ts";

/** The branch that a person wants the file on, by git's configuration, which comes with no repository. */
export async function syncBranchOf(caller: GitCaller, beadsDir: string): Promise<string | undefined> {
  return (await askGit(caller, beadsDir, ["config", "--get", "sync.branch"])) || undefined;
}

export interface BranchOptions {
  readonly beadsDir: string;
  readonly branch: string;
  /** Whoever commits. */
  readonly author: Actor;
  /** Whether the remote may be asked. */
  readonly isOnline: boolean;
  readonly rules: DeletionRules;
}

const MARKER_SIZE = 7;
const MOST_BYTES = 48 * 1024 * 1024;

/** The file on a branch of its own, brought together with the branch at the remote; no work tree and no index is touched. */
export class BranchHome implements FileHome {
  readonly #caller: GitCaller;
  readonly #options: BranchOptions;
  readonly #ref: string;
  readonly #path: string;
  readonly #remote: BranchRemote | undefined;
  /** What the branch was in this clone when it was read, and what it is to be. */
  #local: string | undefined;
  #head: string | undefined;
  #remoteHead: string | undefined;

  private constructor(
    caller: GitCaller,
    options: BranchOptions,
    { path, remote }: { readonly path: string; readonly remote: BranchRemote | undefined },
  ) {
    this.#caller = caller;
    this.#options = options;
    this.#ref = `refs/heads/${options.branch}`;
    this.#path = path;
    this.#remote = remote;
  }

  /** Throws BdError config SYNC_BRANCH_UNUSABLE. */
  static async open(caller: GitCaller, options: BranchOptions): Promise<BranchHome> {
    const { beadsDir, branch } = options;
    const ref = `refs/heads/${branch}`;
    const ask = (...args: readonly string[]) => askGit(caller, beadsDir, args);
    const isName = !branch.startsWith("-") && branch !== "HEAD" && (await ask("check-ref-format", ref)) !== undefined;
    if (!isName) throw unusable(branch, "that is no name of a branch");
    const prefix = await ask("rev-parse", "--show-prefix");
    if (prefix === undefined) throw unusable(branch, `git knows no work tree at ${beadsDir}`);
    const trees = ((await ask("worktree", "list", "--porcelain")) ?? "").split("\n");
    if (trees.includes(`branch ${ref}`))
      throw unusable(branch, "it is checked out, and bd would commit behind that; it takes one that nobody works on");
    const remote = await BranchRemote.of(caller, { beadsDir, branch });
    if ((await remote?.isDefault()) === true) throw isMain(branch);
    return new BranchHome(caller, options, { path: `${prefix}${SYNC_FILE}`, remote });
  }

  get name(): string {
    return `${this.#options.branch}:${this.#path}`;
  }

  /** Whether there is a remote for the branch. */
  get hasRemote(): boolean {
    return this.#remote !== undefined;
  }

  /** Whether the branch has commits that the remote, as it was seen last, has not; one that is not there has none. */
  get isUnpushed(): boolean {
    return this.#head !== undefined && this.#head !== this.#remoteHead;
  }

  async read(format: ObjectFormat): Promise<SyncFile | undefined> {
    if (this.#options.isOnline && (await this.#remote?.fetch())?.isDefault === true) throw isMain(this.#options.branch);
    this.#local = await this.#tip(this.#ref);
    this.#remoteHead = this.#remote === undefined ? undefined : await this.#tip(this.#remote.tracking);
    this.#head = await this.#joined(this.#local, this.#remoteHead);
    if (this.#head === undefined) return undefined;
    const file = await this.#fileIn(this.#head);
    if (file === undefined) return undefined;
    return { text: file.text, blob: formatOf(file.blob) === format ? file.blob : blobOf(file.text, format), stamp: "" };
  }

  async write(text: string): Promise<boolean> {
    this.#head = await this.#commit(text, this.#head);
    return true;
  }

  stamp(): string {
    return "";
  }

  gitPlace(): Promise<GitPlace | undefined> {
    return GitPlace.at(this.#caller, this.#options.beadsDir, this.#head ?? this.#ref);
  }

  async share(): Promise<boolean> {
    const head = this.#head;
    if (head === undefined) return true;
    if (head !== this.#local) {
      const before = this.#local ?? "0".repeat(head.length);
      const moved = await this.#ask("update-ref", "-m", "bd sync", this.#ref, head, before);
      if (moved === undefined) return false;
      this.#local = head;
    }
    if (!this.#options.isOnline || this.#remote === undefined || head === this.#remoteHead) return true;
    return this.#remote.push(head);
  }

  /** The commit that has what both have. What only this clone has goes on from what the remote has, as after a rebase. */
  async #joined(local: string | undefined, remote: string | undefined): Promise<string | undefined> {
    if (local === undefined || remote === undefined) return local ?? remote;
    if (await this.#isAncestor(local, remote)) return remote;
    if (await this.#isAncestor(remote, local)) return local;
    const common = (await this.#ask("merge-base", local, remote)) || undefined;
    await this.#requireAlone(local, common);
    const textIn = async (commit: string | undefined) =>
      commit === undefined ? "" : ((await this.#fileIn(commit))?.text ?? "");
    const texts = { base: await textIn(common), ours: await textIn(local), theirs: await textIn(remote) };
    const { text } = mergeFiles(texts, MARKER_SIZE, this.#options.rules);
    return text === texts.theirs ? remote : this.#commit(text, remote);
  }

  /** Else what somebody has committed beside the file would be left behind. */
  async #requireAlone(local: string, common: string | undefined): Promise<void> {
    const changed =
      common === undefined
        ? await this.#ask("ls-tree", "-r", "-z", "--name-only", "--full-tree", local)
        : await this.#ask("diff", "-z", "--name-only", "--no-relative", "--no-ext-diff", "--no-renames", common, local);
    const others = (changed ?? "").split("\0").filter((name) => name !== "" && name !== this.#path);
    if (others.length === 0) return;
    const { branch } = this.#options;
    throw unusable(
      branch,
      "this clone and the remote went different ways, and here it has more than the file of issues",
      command`git log ${branch}`,
    );
  }

  /** Throws BdError config SYNC_BRANCH_UNUSABLE for what is no plain file, conflict SYNC_UNREADABLE. */
  async #fileIn(commit: string): Promise<{ readonly blob: string; readonly text: string } | undefined> {
    const { branch, beadsDir } = this.#options;
    const [, mode = "", blob] =
      /^(\d+) \w+ ([0-9a-f]+)\t/.exec((await this.#ask("ls-tree", commit, SYNC_FILE)) ?? "") ?? [];
    if (blob === undefined) return undefined;
    if (!mode.startsWith("100"))
      throw unusable(branch, `${this.#path} is no plain file there`, command`git ls-tree -r ${branch}`);
    const size = Number(await this.#ask("cat-file", "-s", blob));
    if (!(size <= MOST_BYTES))
      throw unusable(branch, `${this.#path} has more than ${MOST_BYTES} bytes there, or is not in this clone`);
    const asked = await git(this.#caller, beadsDir, ["cat-file", "blob", blob]);
    const text = asked.kind === "ended" && asked.exitCode === 0 ? asked.stdout : "";
    if (blobOf(text, formatOf(blob)) === blob) return { blob, text };
    throw new BdError(
      "conflict",
      "SYNC_UNREADABLE",
      `${this.name} is not UTF-8: nothing was taken in, nothing written`,
      {
        hint: command`bd sync --status`,
        details: { path: this.name },
      },
    );
  }

  async #commit(text: string, parent: string | undefined): Promise<string> {
    const { beadsDir: cwd, author, branch } = this.#options;
    const before = parent === undefined ? "" : ((await this.#fileIn(parent))?.text ?? "");
    const known = new Set(linesOf(before));
    const message = `bd: ${linesOf(text).filter((line) => !known.has(line)).length} issue(s)`;
    const made = await commitFile(this.#caller, { cwd, path: this.#path, text, parent, message, author });
    if (made !== undefined) return made;
    throw unusable(branch, `git makes no commit with ${this.#path} there`, command`git ls-tree -r ${branch}`);
  }

  #tip(ref: string): Promise<string | undefined> {
    return this.#ask("rev-parse", "--verify", "-q", `${ref}^{commit}`);
  }

  async #isAncestor(commit: string, of: string): Promise<boolean> {
    return (await this.#ask("merge-base", "--is-ancestor", commit, of)) !== undefined;
  }

  #ask(...args: readonly string[]): Promise<string | undefined> {
    return askGit(this.#caller, this.#options.beadsDir, args);
  }
}

function isMain(branch: string): BdError {
  return unusable(branch, "it is the branch that the remote shows by default, which is no place for bd's own commits");
}

function unusable(
  branch: string,
  why: string,
  hint: CommandLine = command`git config sync.branch beads-sync`,
): BdError {
  return new BdError("config", "SYNC_BRANCH_UNUSABLE", `sync.branch is ${JSON.stringify(branch)}: ${why}`, {
    hint,
    details: { branch },
  });
}
