import { writeSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { errnoOf } from "../host/errno.ts";
import type { Beginning } from "../main.ts";
import { findSocketFolder } from "./find-socket.ts";

/**
 * What `bd` is before anything is loaded: where a daemon of the workspace is there, it runs the line, and this process only
 * shows what it says. Everywhere else, and whenever anything is odd, the line runs here (`main.ts`).
 */

void run();

async function run(): Promise<void> {
  const folder = socketFolder();
  if (folder === undefined) return here({});
  const { throughDaemon } = await import("./through-daemon.ts");
  const outcome = await throughDaemon(folder, {
    program: join(import.meta.dirname, ".."),
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    umask: process.umask(),
    terminal: terminalFacts(),
    write: (stream, text) => writeAll(stream === "out" ? 1 : 2, Buffer.from(text)),
    readStdin: stdinReader(),
    onInterrupt(hear) {
      process.on("SIGINT", hear);
      process.on("SIGTERM", hear);
    },
  });
  if (outcome.kind === "exit") {
    const { code, lostOutput } = outcome;
    if (lostOutput === undefined) return process.exit(code);
    const { reportLostOutput } = await import("../main.ts");
    const lost = reportLostOutput(lostOutput);
    return process.exit(code || lost);
  }
  return here(outcome.kind === "direct" ? { direct: outcome.why } : { lost: outcome.lost });
}

/** A folder that is gone, or can't be read, is for the whole program to explain. */
function socketFolder(): string | undefined {
  try {
    return findSocketFolder({ cwd: process.cwd(), env: process.env, uid: process.geteuid?.() });
  } catch {
    return undefined;
  }
}

async function here(beginning: Beginning): Promise<void> {
  process.removeAllListeners("SIGINT");
  process.removeAllListeners("SIGTERM");
  const { runMain } = await import("../main.ts");
  runMain(beginning);
}

function terminalFacts() {
  const facts = (fd: number, stream: () => NodeJS.WriteStream) =>
    isatty(fd) ? { isTerminal: true, columns: stream().columns } : { isTerminal: false };
  return {
    stdin: { isTerminal: isatty(0) },
    stdout: facts(1, () => process.stdout),
    stderr: facts(2, () => process.stderr),
  };
}

const FULL_PIPE_PAUSE_MS = 2;

/** All of it, also into a pipe that is full for now, and that somebody has made not to wait. */
function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (errnoOf(error) !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE_MS);
    }
  }
}

/** Opens standard input when the first piece of it is asked for. */
function stdinReader(): () => Promise<Uint8Array | null> {
  let pieces: AsyncIterator<Uint8Array> | undefined;
  return async () => {
    pieces ??= process.stdin[Symbol.asyncIterator]();
    try {
      const { value, done } = await pieces.next();
      return done ? null : value;
    } catch {
      return null; // what can't be read has ended, as for the process itself
    }
  };
}
