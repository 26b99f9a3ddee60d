import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { delimiter, isAbsolute } from "node:path";
import { interrupted } from "../errors.ts";
import { openLog } from "./append-line.ts";
import { errnoOf } from "./errno.ts";
import { findOnPath, programFolders } from "./find-program.ts";

export type { ChildProcess };

type Variables = Readonly<Record<string, string | undefined>>;

/** Names of variables that hold a secret of the person's, ours and dolt's; `…_PASSWORD_FILE` holds a path. */
const SECRET_NAME = /^(?:BD|BEADS|DOLT)_(?:.*_)?(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/**
 * What a child process may know of the person's environment: everything but secrets, and a PATH that leads into no
 * project. What a program needs of the secrets, it is given by name.
 */
export function childEnvironment(env: Variables, given: Variables = {}): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !SECRET_NAME.test(name));
  const path = env["PATH"] === undefined ? {} : { PATH: programFolders(env).join(delimiter) };
  return { ...Object.fromEntries(kept), ...path, ...given };
}

/** Starts a program and leaves it running. Its environment is what is given and no more. */
export function startProgram(
  path: string,
  args: readonly string[],
  options: SpawnOptions & { readonly env: Record<string, string | undefined> },
): ChildProcess {
  if (!isAbsolute(path)) throw new Error(`${path} is looked for before it is started`);
  return spawn(path, args, options);
}

export interface BackgroundProgram {
  readonly cwd: string;
  readonly env: Record<string, string | undefined>;
  /** Where its words go; made for this person alone. */
  readonly logPath: string;
}

/** Starts a program that outlives its caller. Throws errors of the file system. */
export function startInBackground(
  path: string,
  args: readonly string[],
  { cwd, env, logPath }: BackgroundProgram,
): ChildProcess {
  const log = openLog(logPath);
  try {
    return startProgram(path, args, { detached: true, cwd, env, stdio: ["ignore", log, log] });
  } finally {
    closeSync(log);
  }
}

/** The process that calls. */
interface Caller {
  readonly env: Variables;
  /** Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
}

export interface ToolCall {
  /** Absolute, or a name that is looked for on PATH. */
  readonly path: string;
  readonly args: readonly string[];
  /** Variables beside those of the caller, or in their place. */
  readonly env?: Variables | undefined;
  readonly cwd?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Its standard input; empty by default. */
  readonly stdin?: string | undefined;
}

export type ToolResult =
  | {
      readonly kind: "ended";
      /** Undefined when a signal or the timeout ended it. */
      readonly exitCode: number | undefined;
      readonly stdout: string;
      readonly stderr: string;
    }
  /** It could not be started; `reason` is a system error code such as `ENOENT`. */
  | { readonly kind: "unrunnable"; readonly reason: string };

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs a program to its end. Throws only when Ctrl-C ends the wait (kind `interrupted`). */
export async function runTool({ env, signal }: Caller, call: ToolCall): Promise<ToolResult> {
  signal?.throwIfAborted();
  const program = isAbsolute(call.path) ? call.path : await findOnPath({ env }, call.path);
  if (program === undefined) return { kind: "unrunnable", reason: "ENOENT" };
  return new Promise((resolve, reject) => {
    const options = {
      cwd: call.cwd,
      env: childEnvironment(env, call.env),
      timeout: call.timeoutMs ?? 0,
      signal,
      maxBuffer: MAX_OUTPUT_BYTES,
    };
    const child = execFile(program, call.args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: "ended", exitCode: 0, stdout, stderr });
      else if (error.name === "AbortError") reject(interrupted(`Interrupted while ${call.path} was running`));
      else if (typeof error.code === "string") resolve({ kind: "unrunnable", reason: errnoOf(error) ?? "?" });
      else resolve({ kind: "ended", exitCode: error.code ?? undefined, stdout, stderr });
    });
    // A tool that ends without reading is told nothing; how it ended says enough.
    child.stdin?.on("error", () => {});
    child.stdin?.end(call.stdin ?? "");
  });
}

/** The last non-empty lines of a tool's output, for an error message. */
export function lastLines(text: string, count: number): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-count);
}
