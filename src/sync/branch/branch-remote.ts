import { withoutUserinfo } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import { lastLines } from "../../host/child-process.ts";
import { askGit, type GitCaller, git } from "../run-git.ts";

/** Over the network, and with a large history the first time. */
const TIMEOUT_MS = 300_000;

/** Nobody is asked for a password: neither on a terminal nor in a window. */
const UNASKED = { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "" };

const ALONE = "-c gc.auto=0 -c maintenance.auto=false -c push.followTags=false -c fetch.prune=false".split(" ");

interface RemoteBranch {
  readonly beadsDir: string;
  readonly branch: string;
}

/** The branch at the repository's remote, if it has one. */
export class BranchRemote {
  readonly #caller: GitCaller;
  readonly #beadsDir: string;
  readonly #branch: string;
  readonly name: string;
  /** Where git keeps what the remote had. */
  readonly tracking: string;

  private constructor(caller: GitCaller, { beadsDir, branch }: RemoteBranch, name: string) {
    this.#caller = caller;
    this.#beadsDir = beadsDir;
    this.#branch = branch;
    this.name = name;
    this.tracking = `refs/remotes/${name}/${branch}`;
  }

  /** The remote `origin`, or else the only one. */
  static async of(caller: GitCaller, where: RemoteBranch): Promise<BranchRemote | undefined> {
    const names = ((await askGit(caller, where.beadsDir, ["remote"])) ?? "").split("\n").filter(Boolean);
    const name = names.includes("origin") ? "origin" : names.length === 1 ? names[0] : undefined;
    return name === undefined ? undefined : new BranchRemote(caller, where, name);
  }

  /** Whether it is what the remote shows by default, as far as this clone knows. */
  async isDefault(): Promise<boolean> {
    const head = await askGit(this.#caller, this.#beadsDir, ["symbolic-ref", "-q", `refs/remotes/${this.name}/HEAD`]);
    return head === this.tracking;
  }

  /** Brings what the remote has; gives whether it is what the remote shows by default. Throws BdError unavailable SYNC_REMOTE_FAILED. */
  async fetch(): Promise<{ readonly isDefault: boolean }> {
    const ref = `refs/heads/${this.#branch}`;
    const listed = await this.#call("fetch", ["ls-remote", "--symref", "--", this.name, "HEAD", ref]);
    const lines = new Map(
      listed.split("\n").map((line) => {
        const [value = "", name = ""] = line.split("\t");
        return [value.startsWith("ref: ") ? `default ${name}` : name, value] as const;
      }),
    );
    const isDefault = lines.get("default HEAD") === `ref: ${ref}`;
    const [there, known] = [
      lines.get(ref),
      await askGit(this.#caller, this.#beadsDir, ["rev-parse", "-q", "--verify", this.tracking]),
    ];
    if (there === undefined && known !== undefined) await this.#note(["update-ref", "-d", this.tracking, known]);
    if (there !== undefined && there !== known) {
      const quietly = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
      await this.#call("fetch", [...ALONE, "fetch", ...quietly, "--", this.name, `+${ref}:${this.tracking}`]);
    }
    return { isDefault };
  }

  /** False where the remote has something that is not in it. Throws BdError unavailable SYNC_REMOTE_FAILED. */
  async push(commit: string): Promise<boolean> {
    const quietly = ["--porcelain", "--no-verify", "--no-recurse-submodules", "--no-signed"];
    const args = [...ALONE, "push", ...quietly, "--", this.name, `${commit}:refs/heads/${this.#branch}`];
    const asked = await this.#run(args);
    if (asked.kind === "ended" && asked.exitCode !== 0 && isLost(`${asked.stdout}\n${asked.stderr}`)) return false;
    this.#require("push", asked);
    await this.#note(["update-ref", this.tracking, commit]);
    return true;
  }

  async #call(verb: Verb, args: readonly string[]): Promise<string> {
    return this.#require(verb, await this.#run(args));
  }

  async #run(args: readonly string[]) {
    const env = { ...UNASKED, ...(await this.#unaskedSsh()) };
    return git(this.#caller, this.#beadsDir, args, { env, timeoutMs: TIMEOUT_MS });
  }

  /** ssh asks on the terminal by itself. Where the person has chosen a command for it, it stays theirs. */
  async #unaskedSsh(): Promise<Readonly<Record<string, string>>> {
    const { env } = this.#caller;
    if (env["GIT_SSH_COMMAND"] || env["GIT_SSH"]) return {};
    const own = await askGit(this.#caller, this.#beadsDir, ["config", "--get", "core.sshCommand"]);
    return own === undefined ? { GIT_SSH_COMMAND: "ssh -o BatchMode=yes" } : {};
  }

  async #note(args: readonly string[]): Promise<void> {
    await git(this.#caller, this.#beadsDir, args);
  }

  #require(verb: Verb, asked: Awaited<ReturnType<typeof git>>): string {
    if (asked.kind === "ended" && asked.exitCode === 0) return asked.stdout;
    const said = asked.kind === "ended" ? `${asked.stderr}\n${reasons(asked.stdout)}` : asked.reason;
    const lines = lastLines(said, MOST_LINES).filter((line) => !/^(?:hint:|error: failed to push)/.test(line));
    const why = withoutUserinfo(inOneLine(lines)) || "git did not end in time";
    throw new BdError(
      "unavailable",
      "SYNC_REMOTE_FAILED",
      `git ${verb} of the branch ${this.#branch} ${verb === "fetch" ? "from" : "to"} ${this.name} failed: ${why}`,
      {
        hint:
          verb === "fetch"
            ? command`git ls-remote -- ${this.name}`
            : command`git push --dry-run -- ${this.name} ${this.#branch}`,
        details: { branch: this.#branch, remote: this.name },
      },
    );
  }
}

/** Some of git's sentences go over several lines. */
function inOneLine(lines: readonly string[]): string {
  return lines.join("; ").replaceAll(/([.,:]|\baccess rights); /g, "$1 ");
}

const MOST_LINES = 6;

type Verb = "fetch" | "push";

/** Somebody else was sooner: what git and servers call that. */
function isLost(said: string): boolean {
  return /\[rejected\]|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value/.test(
    said,
  );
}

/** What `push --porcelain` says of refs that were refused. */
function reasons(stdout: string): string {
  return [...stdout.matchAll(/^!\t[^\t]*\t(.*)$/gm)].map(([, reason]) => reason).join("\n");
}
