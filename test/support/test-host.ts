import { v7 as uuidv7 } from "uuid";
import type { Host } from "../../src/ops/open-context.ts";
import { REAL_TIME } from "./store-database.ts";
import type { TestWorkspace } from "./workspace.ts";

/** What an operation needs of this process to run in a workspace, without a command line. */
export function testHost(
  workspace: TestWorkspace,
  { actor, session, clock = () => new Date() }: Pick<Host, "actor"> & Partial<Pick<Host, "session" | "clock">>,
): Host {
  return {
    machine: {
      env: workspace.env,
      uid: process.geteuid?.(),
      zone: () => "UTC",
      cwd: workspace.dir,
      home: workspace.home,
      platform: process.platform,
      arch: process.arch,
      pid: process.pid,
      kill: () => {},
      packageRoot: process.cwd(),
      node: process.execPath,
      bd: "bd",
    },
    clock,
    newId: () => uuidv7(),
    timing: REAL_TIME,
    signal: new AbortController().signal,
    progress: () => {},
    note: () => {},
    detail: () => {},
    confirm: async () => undefined,
    readonly: false,
    directory: undefined,
    database: undefined,
    actor,
    session,
  };
}
