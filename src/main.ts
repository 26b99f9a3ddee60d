import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { addAbortSignal } from "node:stream";
import { type Env, makeEnv, type ProcessFacts, SECRET_VARIABLES } from "./cli/env.ts";
import { processZone } from "./cli/process-zone.ts";
import { lostOutput, reportError } from "./cli/report-error.ts";
import { runCli } from "./cli/run-cli.ts";
import type { OutputStream, Terminal } from "./cli/terminal.ts";
import { Interruption } from "./errors.ts";
import type { DaemonOptions, TerminalLender } from "./ops/caller.ts";

/** The process: the only file that reads it. Everything else gets it as the value `Env`. */

const SIGNAL_EXIT_CODE = 130;

// Libraries print what they think of a server's answers. The terminal is for our own words, which take streams.
for (const name of ["debug", "dir", "error", "info", "log", "trace", "warn"] as const) console[name] = () => {};

/** Opening a stream takes a millisecond, so it waits for the first use. */
function outputStream(open: () => NodeJS.WriteStream, onError: (error: NodeJS.ErrnoException) => void): OutputStream {
  let opened: NodeJS.WriteStream | undefined;
  const stream = () => {
    opened ??= open().on("error", onError);
    return opened;
  };
  return {
    write: (text) => void stream().write(text),
    async drained() {
      // Not `once` of node:events, which an error would end: how that ends the process is for onError alone.
      if (stream().writableNeedDrain) await new Promise((resolve) => stream().once("drain", resolve));
    },
    get isTerminal() {
      return stream().isTTY;
    },
    get columns() {
      return stream().columns ?? 80;
    },
  };
}

/**
 * A reader that closes its pipe early (`bd list | head -1`) has all it wanted; a full disk has lost something. Either
 * way there is nothing more to do, and the code of a command that failed counts, so it gets the time to be set.
 */
function endWithoutOutput(error: NodeJS.ErrnoException): void {
  setImmediate(() => {
    const code = error.code === "EPIPE" ? 0 : reportLostOutput(error);
    process.exit(process.exitCode || code);
  });
}

/** Says that standard output takes no more, and gives the exit code. */
export function reportLostOutput(error: unknown): number {
  return reportError(lostOutput(error), terminal, { json: false, verbose: false, env: process.env });
}

const interruption = interruptSignal();

const terminal: Terminal = {
  stdout: outputStream(() => process.stdout, endWithoutOutput),
  // Nobody hears the notes: the command goes on, it may be about to write.
  stderr: outputStream(
    () => process.stderr,
    () => {},
  ),
  get stdinIsTerminal() {
    return process.stdin.isTTY;
  },
  // Ctrl-C ends the wait for somebody who types nothing more.
  stdinStream: () => addAbortSignal(interruption, process.stdin),
};

/** Whether another program has the terminal, and hears what is typed there. */
let isTerminalLent = false;

const lendTerminal: TerminalLender = async (work) => {
  const deaf = () => {};
  process.on("SIGQUIT", deaf);
  isTerminalLent = true;
  try {
    return await work();
  } finally {
    isTerminalLent = false;
    process.off("SIGQUIT", deaf);
  }
};

/** How long a command that was interrupted twice may take to say what is true. */
const LAST_WORDS_MS = 1000;

/**
 * The first Ctrl-C (or SIGTERM) lets the command end in order. The second ends waiting for an answer that decides what is
 * true, and soon the process; the third ends it at once.
 */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const again = new AbortController();
  const end = () => process.exit(SIGNAL_EXIT_CODE);
  const interrupt = () => {
    if (!controller.signal.aborted) return controller.abort(new Interruption(again.signal));
    if (again.signal.aborted) end();
    again.abort();
    setTimeout(end, LAST_WORDS_MS).unref();
    return undefined;
  };
  process.on("SIGINT", () => (isTerminalLent ? undefined : interrupt()));
  process.on("SIGTERM", interrupt);
  return controller.signal;
}

/** What came before, where a daemon of the workspace was there. */
export type Beginning = Pick<Env, "lost" | "direct">;

export function runMain(beginning: Beginning): void {
  // No child process is to inherit them by accident.
  const variables = { ...process.env };
  for (const name of SECRET_VARIABLES) delete process.env[name];
  const facts: ProcessFacts = {
    env: variables,
    uid: process.geteuid?.(),
    cwd: process.cwd(),
    home: homedir(),
    platform: process.platform,
    arch: process.arch,
    pid: process.pid,
    kill: (pid, signal) => void process.kill(pid, signal),
    packageRoot: join(import.meta.dirname, ".."),
    node: process.execPath,
    bd: process.argv[1] ?? "",
    zone: processZone,
    login: () => userInfo().username,
    signal: interruption,
    terminal,
    terminalLender: () => (terminal.stdinIsTerminal && terminal.stderr.isTerminal ? lendTerminal : undefined),
    becomeDaemon: (options) => becomeDaemon(facts, options),
    serveHttp: async (options, caller, heard) => {
      const { runHttp } = await import("./http/run-http.ts");
      const { machine, signal } = makeEnv(facts);
      return runHttp({ machine, caller, signal }, options, heard);
    },
    ...beginning,
  };
  void runCli(process.argv.slice(2), makeEnv(facts)).then((code) => {
    process.exitCode = code;
    // What can't be called off, such as the look-up of a name, is not waited for.
    if (interruption.aborted) setTimeout(() => process.exit(code), LAST_WORDS_MS).unref();
  });
}

async function becomeDaemon(facts: ProcessFacts, options: DaemonOptions): Promise<void> {
  const { runDaemon } = await import("./daemon/run-daemon.ts");
  // Callers who name no zone mean the machine's, wherever the daemon was started.
  delete process.env["TZ"];
  // The terminal that it was started from may close.
  process.on("SIGHUP", () => {});
  // As systemd hands over a socket that it opened: sd_listen_fds(3).
  const isHandedOver = process.env["LISTEN_PID"] === String(process.pid) && process.env["LISTEN_FDS"] === "1";
  return runDaemon(
    {
      facts,
      pid: process.pid,
      umask: (mask) => process.umask(mask),
      inherited: isHandedOver ? 3 : undefined,
      memory: () => process.memoryUsage.rss(),
    },
    options,
  );
}
