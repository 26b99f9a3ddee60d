import { parentPort } from "node:worker_threads";
import { makeEnv } from "../../src/cli/env.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { OutputStream } from "../../src/cli/terminal.ts";
import { zoneNamed } from "../../src/core/time/time-zone.ts";
import type { WorkerCall, WorkerResult } from "./guarded-cli.ts";

/** Runs command lines in a thread of their own: see `guarded-cli.ts`. */

function collector(): OutputStream & { readonly text: () => string } {
  let text = "";
  return {
    write: (more) => void (text += more),
    drained: () => Promise.resolve(),
    isTerminal: false,
    columns: 80,
    text: () => text,
  };
}

async function run({ argv, cwd, home, env, uid }: WorkerCall): Promise<WorkerResult> {
  const stdout = collector();
  const stderr = collector();
  const cli = makeEnv({
    env,
    uid,
    cwd,
    home,
    platform: process.platform,
    arch: process.arch,
    zone: zoneNamed(env["TZ"] ?? "UTC"),
    pid: process.pid,
    kill: () => {},
    packageRoot: process.cwd(),
    node: process.execPath,
    bd: "bd",
    login: () => "ann",
    signal: new AbortController().signal,
    terminal: { stdout, stderr, stdinIsTerminal: false, stdinStream: async function* () {} },
  });
  const outcome = await runCli(argv, cli).catch((error: unknown) => `thrown: ${String(error)}`);
  return { outcome, stdout: stdout.text(), stderr: stderr.text() };
}

parentPort?.on("message", (call: WorkerCall) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that of windows, and this is a thread
  void run(call).then((result) => parentPort?.postMessage(result));
});
