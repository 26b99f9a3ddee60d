import { join } from "node:path";
import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { startInBackground } from "../../host/child-process.ts";
import { connectDaemon, greet } from "../../rpc/ask-daemon.ts";
import type { DaemonOptions } from "../caller.ts";
import type { MachineContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { daemonOptions } from "./daemon-place.ts";
import { silentDaemon } from "./status.ts";

export const StartInput = z.strictObject({
  mode: z.optional(z.enum(["events", "poll"])),
  /** In this process, until it ends. */
  foreground: z.boolean(),
  /** Whether to return when it answers; else at once. */
  waits: z.optional(z.boolean()),
});

export interface StartedDaemon {
  readonly outcome: "started" | "already-running" | "ended";
  readonly pid: number;
  readonly workspace: string;
  readonly mode: DaemonOptions["mode"];
  readonly logPath: string;
}

const POLL_MS = 20;
const READY_MS = 10_000;

/** Starts the daemon of the workspace; harmless where it runs, if it runs this very bd. Throws BdError unavailable/DAEMON_FAILED, DAEMON_SILENT. */
export const startDaemon = defineOperation({
  name: "daemon.start",
  access: "machine",
  input: StartInput,
  async run(context, { mode, foreground, waits = true }: z.infer<typeof StartInput>): Promise<StartedDaemon> {
    const options = await daemonOptions(context, mode);
    if (!foreground) return launchDaemon(context, options, { waits });
    const { becomeDaemon, pid } = context.machine;
    if (becomeDaemon === undefined) throw new Error("this process can't be a daemon");
    await becomeDaemon(options);
    return { outcome: "ended", pid, ...placeOf(options) };
  },
  wire: {
    of: ({ outcome, pid, workspace, mode, logPath }) => ({ outcome, pid, workspace, mode, log_path: logPath }),
    schema: () =>
      z.looseObject({
        outcome: z.enum(["started", "already-running", "ended"]),
        pid: z.int(),
        workspace: z.string(),
        mode: z.enum(["events", "poll"]),
        log_path: z.string(),
      }),
  },
});

const placeOf = ({ beadsDir, mode }: DaemonOptions) => ({
  workspace: beadsDir,
  mode,
  logPath: join(beadsDir, "daemon.log"),
});

export async function launchDaemon(
  context: MachineContext,
  options: DaemonOptions,
  { waits }: { readonly waits: boolean } = { waits: true },
): Promise<StartedDaemon> {
  const { beadsDir, mode } = options;
  const { node, bd, env, packageRoot } = context.machine;
  const running = await greet(beadsDir);
  if (running === "silent") throw silentDaemon(beadsDir);
  // One of another installation, or that knows the workspace by the name that it had before, serves no line.
  if (running !== "nobody" && running.program === packageRoot && running.workspace === beadsDir)
    return { outcome: "already-running", pid: running.pid, ...placeOf(options) };
  if (running !== "nobody") await endDaemon(beadsDir, context.signal);
  const { logPath } = placeOf(options);
  const child = startInBackground(node, [bd, "daemon", "start", "--foreground", "--mode", mode], {
    // A folder that nobody removes.
    cwd: "/",
    env: { ...env, BEADS_DIR: beadsDir },
    logPath,
  });
  if (!waits) {
    child.unref();
    return { outcome: "started", pid: child.pid ?? 0, ...placeOf(options) };
  }
  let exited: number | null | undefined;
  child.on("error", () => (exited = null));
  child.on("exit", (code) => (exited = code));
  const { timing, signal } = context;
  const deadline = timing.now() + READY_MS;
  while (timing.now() < deadline) {
    const answer = await greet(beadsDir);
    if (typeof answer === "object") {
      child.unref();
      const outcome = answer.pid === child.pid ? "started" : "already-running";
      return { outcome, pid: answer.pid, ...placeOf(options) };
    }
    if (exited !== undefined) break;
    await timing.sleep(POLL_MS, signal);
  }
  child.kill("SIGTERM");
  throw new BdError("unavailable", "DAEMON_FAILED", `the daemon did not start; see ${logPath}`, {
    hint: command`bd daemon logs`,
  });
}

/** Ends the daemon of the workspace, and waits until it is gone; undefined where none runs. Throws DAEMON_SILENT. */
export async function endDaemon(beadsDir: string, signal: AbortSignal): Promise<number | undefined> {
  const daemon = await connectDaemon(beadsDir, { signal });
  if (daemon === "nobody") return undefined;
  if (daemon === "silent") throw silentDaemon(beadsDir);
  daemon.send({ id: 1, op: "daemon.stop" });
  // It hangs up when it is done. To look whether somebody answers would wake the next one of a socket unit.
  while ((await daemon.next()) !== undefined);
  return daemon.greeting.pid;
}
