import { runTool, type ToolResult } from "../host/child-process.ts";
import { OUTSIDE_HOOKS } from "../host/outside-hooks.ts";

/** Who asks git. */
export interface GitCaller {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** Git runs nothing for us that a repository names. */
const QUIETLY = "--no-pager --no-optional-locks --literal-pathspecs --no-replace-objects"
  .concat(
    " -c safe.bareRepository=explicit -c core.fsmonitor=false -c core.hooksPath=/dev/null -c log.showSignature=false",
  )
  .split(" ");

const TIMEOUT_MS = 60_000;

export interface GitCall {
  readonly stdin?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

/** Runs git in a folder, its own messages in English. */
export function git(
  caller: GitCaller,
  cwd: string,
  args: readonly string[],
  { stdin, env, timeoutMs = TIMEOUT_MS }: GitCall = {},
): Promise<ToolResult> {
  const variables = { ...OUTSIDE_HOOKS, LC_ALL: "C", ...env };
  return runTool(caller, { path: "git", args: [...QUIETLY, ...args], cwd, env: variables, stdin, timeoutMs });
}

/** What git said; undefined where it failed. */
export function answerOf(asked: ToolResult): string | undefined {
  return asked.kind === "ended" && asked.exitCode === 0 ? asked.stdout.trim() : undefined;
}

/** As `answerOf` of one call. */
export async function askGit(
  caller: GitCaller,
  cwd: string,
  args: readonly string[],
  call?: GitCall,
): Promise<string | undefined> {
  return answerOf(await git(caller, cwd, args, call));
}
