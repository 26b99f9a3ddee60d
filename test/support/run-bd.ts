import { spawn } from "node:child_process";
import { join } from "node:path";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; empty when absent. */
  readonly stdin?: string | Uint8Array;
  /** Ends the process with SIGKILL after that long, in milliseconds; default one minute. */
  readonly timeoutMs?: number;
}

export interface BdResult {
  /** The exit code; 128 and the signal's number where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program, as users run it. */
export const BD_PATH = join(import.meta.dirname, "../../dist/bd.cjs");

/** Starts `bd` and leaves it running: for tests that signal it. */
export function spawnBd(args: readonly string[], options: RunOptions = {}) {
  const child = spawn(process.execPath, [BD_PATH, ...args], {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const done = new Promise<BdResult>((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    const limit = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 60_000);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString("utf8");
      resolve({ code: code ?? 128 + (signal === "SIGKILL" ? 9 : 15), stdout: text(stdout), stderr: text(stderr) });
    });
  });
  return { child, done };
}

/** Runs `bd` to its end. */
export function runBd(args: readonly string[], options: RunOptions = {}): Promise<BdResult> {
  return spawnBd(args, options).done;
}
