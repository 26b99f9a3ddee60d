import { resolve } from "node:path";
import type { Actor } from "../core/actor.ts";
import { environmentValue, type ProcessView } from "./process-view.ts";

/** What git's configuration says about the person. */
export interface GitIdentity {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/**
 * No folder that somebody committed says who the person is: a bare repository among a project's files is not looked
 * into, only one that a `.git` leads to. `git config` runs nothing that a repository's configuration names, but a pager.
 */
const ASK_GIT = ["--no-pager", "-c", "safe.bareRepository=explicit", "config", "-z", "--show-origin", "--get-regexp"];

/** Longer than any answer of git; a hanging one must not hold the command. */
const GIT_TIMEOUT_MS = 5000;

/**
 * Who acts: the configured actor (`Settings.actor`: `--actor`, BEADS_ACTOR, BD_ACTOR, yaml), else git's `user.name`,
 * else the login name, else `unknown`. The mail address is GIT_AUTHOR_EMAIL, else git's `user.email`, else empty.
 */
export function resolveActor(from: {
  readonly configured: string | undefined;
  readonly view: ProcessView;
  readonly gitIdentity?: GitIdentity | undefined;
}): Actor {
  const { configured, view, gitIdentity } = from;
  const login = environmentValue(view, view.platform === "win32" ? "USERNAME" : "USER");
  return {
    name: firstText(configured, gitIdentity?.name, login) ?? "unknown",
    email: firstText(environmentValue(view, "GIT_AUTHOR_EMAIL"), gitIdentity?.email) ?? "",
  };
}

/** True when `resolveActor` needs git for a name or an address: else the process can be saved. */
export function needsGitIdentity(from: {
  readonly configured: string | undefined;
  readonly view: ProcessView;
}): boolean {
  const email = environmentValue(from.view, "GIT_AUTHOR_EMAIL");
  return firstText(from.configured) === undefined || firstText(email) === undefined;
}

export interface GitAnswer {
  readonly identity: GitIdentity;
  /** The files that said it. */
  readonly origins: readonly string[];
  /** Whether git answered, and from files that include no others. */
  readonly isWhole: boolean;
}

/** `{}` when git is missing, knows neither, or does not answer. Only the end of `signal` rejects. */
export async function readGitIdentity(
  view: Pick<ProcessView, "env" | "cwd">,
  signal?: AbortSignal,
): Promise<GitIdentity> {
  return (await askGit(view, signal)).identity;
}

/** Asks git for the person's name and address in `cwd` with one child process. Only the end of `signal` rejects. */
export async function askGit(view: Pick<ProcessView, "env" | "cwd">, signal?: AbortSignal): Promise<GitAnswer> {
  const { runTool } = await import("../host/child-process.ts");
  const git = await runTool(
    { env: view.env, signal },
    {
      path: "git",
      args: [...ASK_GIT, "^(user\\.(name|email)|include(if\\..*)?\\.path)$"],
      cwd: view.cwd,
      timeoutMs: GIT_TIMEOUT_MS,
    },
  );
  if (git.kind !== "ended") return { identity: {}, origins: [], isWhole: false };
  // 1: nobody says anything of it.
  return answerFrom(git.exitCode === 0 ? git.stdout : "", git.exitCode === 0 || git.exitCode === 1, view.cwd);
}

/** Git prints the origin, a NUL, the key, a line feed, the value and a NUL for each; the last one of a key counts. */
function answerFrom(output: string, isAnswer: boolean, cwd: string): GitAnswer {
  const values = new Map<string, string>();
  const origins: string[] = [];
  const items = output.split("\0");
  for (let index = 0; index + 1 < items.length; index += 2) {
    const [origin = "", item = ""] = [items[index], items[index + 1]];
    const end = item.indexOf("\n");
    if (end > 0) values.set(item.slice(0, end), item.slice(end + 1));
    origins.push(resolve(cwd, origin.replace(/^file:/, "")));
  }
  const identity = { name: firstText(values.get("user.name")), email: firstText(values.get("user.email")) };
  const includes = [...values.keys()].some((key) => key.startsWith("include"));
  return { identity, origins, isWhole: isAnswer && !includes };
}

function firstText(...values: readonly (string | undefined)[]): string | undefined {
  return values.map((value) => value?.trim()).find((value) => value !== undefined && value !== "");
}
