import { v7 as uuidv7 } from "uuid";
import { BdError } from "../../src/errors.ts";
import type { Host } from "../../src/ops/open-context.ts";
import type { Several } from "../../src/ops/operation.ts";
import { runOperation } from "../../src/ops/run-operation.ts";
import { REAL_TIME } from "./store-database.ts";
import type { TestWorkspace } from "./workspace.ts";

/** Claims an issue and says `won`, or the code of the refusal. */
export type ClaimRacer = (id: string) => Promise<string>;

/** Claimants in this process: each claim is an operation with a context and a connection of its own. */
export function claimRacers(
  workspace: TestWorkspace,
  { count, actor }: { readonly count: number; readonly actor: string },
): ClaimRacer[] {
  const host: Host = {
    machine: {
      env: workspace.env,
      uid: process.geteuid?.(),
      cwd: workspace.dir,
      home: workspace.home,
      platform: process.platform,
      arch: process.arch,
      pid: process.pid,
      zone: () => "UTC",
      kill: () => {},
      packageRoot: process.cwd(),
      node: process.execPath,
      bd: "",
    },
    clock: () => new Date(),
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
    session: undefined,
  };
  const claim: ClaimRacer = async (id) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the operation of that name gives
    const { failures } = (await runOperation(host, "issue.update", { ids: [id], claim: true })) as Several;
    const [failure] = failures;
    if (failure === undefined) return "won";
    return failure.error instanceof BdError ? failure.error.code : String(failure.error);
  };
  return Array.from({ length: count }, () => claim);
}
