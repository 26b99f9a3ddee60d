import { v7 as uuidv7 } from "uuid";
import { type App, openApp } from "../../src/app/app.ts";
import type { Result } from "../../src/app/frame.ts";
import { UTC } from "../../src/core/time/time-zone.ts";
import type { Caller, Machine } from "../../src/ops/caller.ts";
import { withCheckedWires } from "./checked-wires.ts";
import { REAL_TIME } from "./store-database.ts";
import type { TestWorkspace } from "./workspace.ts";

/** A bd that runs in this process, for tests of what goes on below the command line. */
export function testApp({ clock = () => new Date(), idleSessions = 0 } = {}): App {
  const machine: Machine = {
    uid: process.geteuid?.(),
    platform: process.platform,
    arch: process.arch,
    pid: process.pid,
    kill: () => {},
    packageRoot: process.cwd(),
    node: process.execPath,
    bd: "bd",
    clock,
    newId: () => uuidv7(),
    timing: REAL_TIME,
  };
  return withCheckedWires(openApp(machine, { idleSessions }));
}

/** Somebody who stands in a workspace. */
export function callerIn(workspace: TestWorkspace, said: Partial<Caller> = {}): Caller {
  return {
    env: workspace.env,
    cwd: workspace.dir,
    home: workspace.home,
    zone: UTC,
    readonly: false,
    directory: undefined,
    database: undefined,
    actor: undefined,
    session: undefined,
    ...said,
  };
}

/** What an operation gives to a caller who hears nothing else of it. Throws what it throws. */
export async function call(app: App, caller: Caller, operation: string, input: unknown): Promise<Result> {
  for await (const frame of app.call(operation, input, { caller, signal: new AbortController().signal })) {
    if (frame.kind === "result") return frame.result;
    if (frame.kind === "error") throw frame.error;
    if (frame.kind === "ask") frame.answer(undefined);
    if (frame.kind === "chunk") frame.taken();
  }
  throw new Error(`${operation} ended without a result`);
}
