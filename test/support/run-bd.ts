import { spawn } from "node:child_process";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { openApp } from "../../src/app/app.ts";
import { type Env, makeEnv } from "../../src/cli/env.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { OutputStream } from "../../src/cli/terminal.ts";
import { zoneNamed } from "../../src/core/time/time-zone.ts";
import { Interruption } from "../../src/errors.ts";
import { withCheckedWires } from "./checked-wires.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; empty when absent. */
  readonly stdin?: string | Uint8Array;
  /** Interrupts the command after that long, in milliseconds, as Ctrl-C does; default one minute. */
  readonly timeoutMs?: number;
  /** Whether a person sits at the terminal, which an editor may have; then the line runs in this process in any case. */
  readonly atTerminal?: boolean;
}

export interface BdResult {
  /** The exit code; 128 and the signal's number where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const PACKAGE_ROOT = join(import.meta.dirname, "../..");

/** The built program, as users run it. */
export const BD_PATH = join(PACKAGE_ROOT, "dist/bd.cjs");

const TIMEOUT_MS = 60_000;
const LAST_WORDS_MS = 5000;

/**
 * With `BEADS_TEST_BD=built` the whole suite starts the built program instead: what bundling breaks comes to light. With
 * `daemon` each line goes through a daemon of its workspace, where it can.
 */
const WAY = process.env["BEADS_TEST_BD"];

/** Runs a command line to its end: in this process, on the way of `main.ts`, with facts of the test's making. */
export async function runBd(args: readonly string[], options: RunOptions = {}): Promise<BdResult> {
  if (options.atTerminal === true) return runInProcess(args, options);
  if (WAY === "built") return spawnBd(args, options).done;
  if (WAY !== "daemon") return runInProcess(args, options);
  const { runByDaemon } = await import("./daemon.ts");
  return (await runByDaemon(args, options)) ?? runInProcess(args, options);
}

/** For tests of what one process does with several command lines, each with a bd of its own or all with one. */
export async function runInProcess(
  args: readonly string[],
  { app, lost, ...options }: RunOptions & Pick<Env, "app" | "lost">,
): Promise<BdResult> {
  const { env = {}, cwd = process.cwd(), stdin = "", timeoutMs = TIMEOUT_MS } = options;
  const stdout = new MemoryStream();
  const stderr = new MemoryStream();
  const ended = new AbortController();
  const cli = makeEnv({
    env: { ...env },
    uid: process.geteuid?.(),
    cwd,
    home: env["HOME"] ?? homedir(),
    platform: process.platform,
    arch: process.arch,
    pid: process.pid,
    kill: (pid, signal) => void process.kill(pid, signal),
    packageRoot: PACKAGE_ROOT,
    node: process.execPath,
    bd: BD_PATH,
    zone: zoneNamed(env["TZ"] ?? "UTC"),
    login: () => userInfo().username,
    terminalLender: () => (options.atTerminal === true ? async (work) => work() : undefined),
    signal: ended.signal,
    lost,
    terminal: {
      stdout,
      stderr,
      stdinIsTerminal: false,
      stdinStream: async function* () {
        if (stdin.length > 0) yield Buffer.from(stdin);
      },
    },
  });
  const opened = app ?? openApp(cli.machine, { idleSessions: 0 });
  const misfits: Error[] = [];
  const limit = setTimeout(() => ended.abort(new Interruption(new AbortController().signal)), timeoutMs);
  const code = await runCli(args, { ...cli, app: withCheckedWires(opened, misfits) });
  clearTimeout(limit);
  if (app === undefined) opened.close();
  for (const misfit of misfits) throw misfit;
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** What a pipe takes: bytes of UTF-8, without end. */
class MemoryStream implements OutputStream {
  readonly isTerminal = false;
  readonly columns = 80;
  readonly #chunks: Buffer[] = [];

  write(text: string): void {
    this.#chunks.push(Buffer.from(text));
  }

  async drained(): Promise<void> {}

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

/** Starts the built `bd` and leaves it running: for tests of what only a process has. */
export function spawnBd(args: readonly string[], options: RunOptions = {}) {
  if (!inject("isBuilt")) throw new Error("this test starts the built bd, so its file is called *.e2e.test.ts");
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
    const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    const limit = setTimeout(() => child.kill("SIGTERM"), timeoutMs);
    const hardLimit = setTimeout(() => child.kill("SIGKILL"), timeoutMs + LAST_WORDS_MS);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      clearTimeout(hardLimit);
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString("utf8");
      resolve({ code: code ?? 128 + (signal === "SIGKILL" ? 9 : 15), stdout: text(stdout), stderr: text(stderr) });
    });
  });
  return { child, done };
}
