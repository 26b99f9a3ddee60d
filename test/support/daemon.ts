import { existsSync, realpathSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { zoneNamed } from "../../src/core/time/time-zone.ts";
import { runDaemon } from "../../src/daemon/run-daemon.ts";
import { Interruption } from "../../src/errors.ts";
import type { DaemonOptions } from "../../src/ops/caller.ts";
import { greet } from "../../src/rpc/ask-daemon.ts";
import { findSocketFolder } from "../../src/thin/find-socket.ts";
import { type Outcome, throughDaemon } from "../../src/thin/through-daemon.ts";
import { BD_PATH, type BdResult, PACKAGE_ROOT, type RunOptions } from "./run-bd.ts";

export interface TestDaemon {
  readonly beadsDir: string;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** As SIGTERM. Resolves when it has ended. */
  stop(): Promise<void>;
}

export interface DaemonFacts {
  readonly env?: Readonly<Record<string, string>>;
  readonly idleExitMs?: number;
  readonly pid?: number;
  readonly options?: Partial<DaemonOptions>;
  /** Where the daemon's program lies. */
  readonly packageRoot?: string;
}

/** Starts a daemon in this process, on the way of `main.ts`. */
export async function startDaemon(beadsDir: string, facts: DaemonFacts = {}): Promise<TestDaemon> {
  const ended = new AbortController();
  const { env = {}, idleExitMs, options = {}, pid = process.pid, packageRoot = PACKAGE_ROOT } = facts;
  const stream = { write: () => {}, drained: async () => {}, isTerminal: false, columns: 80 };
  const running = runDaemon(
    {
      pid,
      umask: (mask) => process.umask(mask),
      memory: () => process.memoryUsage.rss(),
      facts: {
        env,
        uid: process.geteuid?.(),
        cwd: "/",
        home: env["HOME"] ?? homedir(),
        platform: process.platform,
        arch: process.arch,
        pid,
        kill: () => {},
        packageRoot,
        node: process.execPath,
        bd: BD_PATH,
        zone: zoneNamed("UTC"),
        login: () => userInfo().username,
        signal: ended.signal,
        terminal: { stdout: stream, stderr: stream, stdinIsTerminal: false, stdinStream: async function* () {} },
      },
    },
    {
      beadsDir,
      mode: "events",
      idleExitMs,
      debounceMs: 500,
      pollMs: 5000,
      fallsBack: true,
      http: undefined,
      roundMs: undefined,
      mirrors: false,
      ...options,
    },
  );
  await Promise.race([running, untilItAnswers(beadsDir)]);
  return {
    beadsDir,
    ended: running,
    async stop() {
      ended.abort(new Interruption(new AbortController().signal));
      await running;
    },
  };
}

async function untilItAnswers(beadsDir: string): Promise<void> {
  while (typeof (await greet(beadsDir)) !== "object") await new Promise((resolve) => setTimeout(resolve, 10));
}

export interface ThinResult extends BdResult {
  readonly outcome: Outcome;
}

/** What the thin client of a process with these facts does, and what it shows. */
export async function runThin(
  args: readonly string[],
  options: RunOptions & Pick<DaemonFacts, "packageRoot"> = {},
): Promise<ThinResult> {
  const { packageRoot = PACKAGE_ROOT, cwd = process.cwd(), env = {}, stdin = "" } = options;
  const shown = { out: "", err: "" };
  let input: Uint8Array | null = stdin.length > 0 ? Buffer.from(stdin) : null;
  const folder = findSocketFolder({ cwd, env, uid: process.geteuid?.() });
  const outcome: Outcome =
    folder === undefined
      ? { kind: "direct", why: "no daemon" }
      : await throughDaemon(folder, {
          program: packageRoot,
          argv: args,
          cwd,
          // The zone that a test's own commands have.
          env: { TZ: "UTC", ...env },
          umask: process.umask(),
          terminal: { stdin: { isTerminal: false }, stdout: { isTerminal: false }, stderr: { isTerminal: false } },
          write: (stream, text) => {
            shown[stream] += text;
          },
          async readStdin() {
            const piece = input;
            input = null;
            return piece;
          },
          onInterrupt: () => {},
        });
  return { outcome, code: outcome.kind === "exit" ? outcome.code : -1, stdout: shown.out, stderr: shown.err };
}

const daemons = new Map<string, Promise<TestDaemon>>();

/** Runs a line through a daemon of the workspace in its folder, which is started for that; undefined where that can't be. */
export async function runByDaemon(args: readonly string[], options: RunOptions): Promise<BdResult | undefined> {
  const beadsDir = join(options.cwd ?? process.cwd(), ".beads");
  if (!existsSync(join(beadsDir, "metadata.json"))) return undefined;
  const real = realpathSync(beadsDir);
  if (!daemons.has(real)) daemons.set(real, startDaemon(real, { env: options.env ?? {} }));
  await daemons.get(real);
  const { outcome, ...result } = await runThin(args, options);
  return outcome.kind === "exit" ? result : undefined;
}
