import { statfs } from "node:fs/promises";
import type { App } from "../app/app.ts";
import { toBdError } from "../app/error-wire.ts";
import type { Caller } from "../ops/caller.ts";
import type { Health } from "./statistics.ts";

const LONGEST_MS = 10_000;

/** Whether the workspace's database answers, and how much room is left where the workspace is. */
export async function checkHealth(app: App, caller: Caller, beadsDir: string): Promise<Health> {
  const [database, disk] = await Promise.all([databaseHealth(app, caller), statfs(beadsDir).catch(() => undefined)]);
  return { at: app.machine.clock(), database, diskFree: disk && disk.bavail * disk.bsize };
}

async function databaseHealth(app: App, caller: Caller): Promise<string> {
  for await (const frame of app.call("workspace.ping", {}, { caller, signal: AbortSignal.timeout(LONGEST_MS) })) {
    if (frame.kind === "error") return toBdError(frame.error).message;
    const problem = frame.kind === "result" ? problemOf(frame.result.output) : undefined;
    if (problem !== undefined) return problem;
  }
  return "ok";
}

function problemOf(output: unknown): string | undefined {
  const hasProblem = typeof output === "object" && output !== null && "problem" in output;
  return hasProblem && output.problem instanceof Error ? output.problem.message : undefined;
}
