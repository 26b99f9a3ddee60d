import { existsSync } from "node:fs";
import { join } from "node:path";
import { answerOf, type GitCaller, git } from "./run-git.ts";
import { type ObjectFormat, SYNC_FILE } from "./sync-file.ts";

/** Left in the git directory while git is in the middle of something. */
const MARKS = {
  "rebase-merge": "a rebase",
  "rebase-apply": "a rebase",
  MERGE_HEAD: "a merge",
  CHERRY_PICK_HEAD: "a cherry-pick",
  REVERT_HEAD: "a revert",
  "index.lock": "a change of its index",
} as const;

/** By what git names objects there; as nearly everywhere, where git is missing. */
export async function objectFormatAt(caller: GitCaller, beadsDir: string): Promise<ObjectFormat> {
  const asked = await git(caller, beadsDir, ["rev-parse", "--show-object-format"]);
  return answerOf(asked) === "sha256" ? "sha256" : "sha1";
}

/** The file in the eyes of git; it may not know it. */
export class GitPlace {
  readonly #caller: GitCaller;
  readonly #folder: string;
  readonly #gitDir: string;
  readonly #isCheckedOut: boolean;
  /** The commit that is checked out, or was asked about, where there is one. */
  readonly head: string | undefined;
  /** The file as that commit has it. */
  readonly headBlob: string | undefined;

  private constructor(
    caller: GitCaller,
    folder: string,
    { gitDir, revision, head, headBlob }: Record<"gitDir" | "revision", string> & Pick<GitPlace, "head" | "headBlob">,
  ) {
    this.#caller = caller;
    this.#folder = folder;
    this.#gitDir = gitDir;
    this.#isCheckedOut = revision === "HEAD";
    this.head = head;
    this.headBlob = headBlob;
  }

  /** As a commit has it, by default the one that is checked out. Undefined where git is missing, or knows no work tree there. */
  static async at(caller: GitCaller, beadsDir: string, revision = "HEAD"): Promise<GitPlace | undefined> {
    const ask = async (...args: readonly string[]) => answerOf(await git(caller, beadsDir, ["rev-parse", ...args]));
    const gitDir = await ask("--absolute-git-dir");
    if (gitDir === undefined) return undefined;
    const head = await ask("--verify", "--quiet", `${revision}^{commit}`);
    const headBlob = head === undefined ? undefined : await ask("--verify", "--quiet", `${revision}:./${SYNC_FILE}`);
    return new GitPlace(caller, beadsDir, { gitDir, revision, head, headBlob });
  }

  /** What git is in the middle of, in words. Whoever is called by a commit that git makes is expected within it. */
  busyWith({ inHook = false } = {}): string | undefined {
    if (!this.#isCheckedOut) return undefined;
    const isThere = (name: string) => !(inHook && name === "index.lock") && existsSync(join(this.#gitDir, name));
    return Object.entries(MARKS).find(([name]) => isThere(name))?.[1];
  }

  /** Whether the file was that in one of the commits or their ancestors. */
  async hadFile(blob: string, commits: readonly string[]): Promise<boolean> {
    if (commits.length === 0) return false;
    const range = ["log", "-1", "--format=%H", `--find-object=${blob}`, ...commits, "--", SYNC_FILE];
    return ((await this.#ask(range)) ?? "") !== "";
  }

  /** The names of the file in a commit and its ancestors, the newest first. */
  async versionsIn(commit: string): Promise<string[]> {
    const log = ["log", "--format=", "--raw", "--no-abbrev", "--full-history", "-m", commit, "--", SYNC_FILE];
    const changes = ((await this.#ask(log)) ?? "").matchAll(/^:\d+ \d+ ([0-9a-f]+) ([0-9a-f]+) /gm);
    return [...new Set([...changes].flatMap(([, old = "", now = ""]) => [now, old]))];
  }

  async isAncestor(commit: string, of: string): Promise<boolean> {
    return (await this.#ask(["merge-base", "--is-ancestor", commit, of])) !== undefined;
  }

  async commonAncestor(one: string, other: string): Promise<string | undefined> {
    return this.#ask(["merge-base", one, other]);
  }

  /** Those of the objects that git has. */
  async known(objects: readonly string[]): Promise<Set<string>> {
    if (objects.length === 0) return new Set();
    const call = ["cat-file", "--batch-check=%(objectname) %(objecttype)"];
    const answer = answerOf(await git(this.#caller, this.#folder, call, { stdin: `${objects.join("\n")}\n` })) ?? "";
    return new Set(answer.split("\n").flatMap((line) => /^([0-9a-f]+) (?:blob|commit)$/.exec(line)?.[1] ?? []));
  }

  /** The name of the file in a commit. */
  async blobIn(commit: string): Promise<string | undefined> {
    return this.#ask(["rev-parse", "--verify", "--quiet", `${commit}:./${SYNC_FILE}`]);
  }

  async textOf(blob: string): Promise<string | undefined> {
    const asked = await git(this.#caller, this.#folder, ["cat-file", "blob", blob]);
    return asked.kind === "ended" && asked.exitCode === 0 ? asked.stdout : undefined;
  }

  /** The versions of an unmerged file, as the index has them; undefined for a file that is merged. */
  async unmerged(): Promise<{ base: string; ours: string; theirs: string } | undefined> {
    if (!this.#isCheckedOut) return undefined;
    const listed = (await this.#ask(["ls-files", "-u", "--", SYNC_FILE])) ?? "";
    const stages = new Map(
      listed.split("\n").flatMap((line) => {
        const [, blob, stage] = /^\d+ ([0-9a-f]+) ([123])\t/.exec(line) ?? [];
        return blob === undefined || stage === undefined ? [] : [[stage, blob] as const];
      }),
    );
    if (!stages.has("2") || !stages.has("3")) return undefined;
    const textAt = async (stage: string) => {
      const blob = stages.get(stage);
      return blob === undefined ? "" : ((await this.textOf(blob)) ?? "");
    };
    return { base: await textAt("1"), ours: await textAt("2"), theirs: await textAt("3") };
  }

  async #ask(args: readonly string[]): Promise<string | undefined> {
    return answerOf(await git(this.#caller, this.#folder, args));
  }
}
