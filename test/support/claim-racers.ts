import { BdError } from "../../src/errors.ts";
import type { Several } from "../../src/ops/operation.ts";
import { runOperation } from "../../src/ops/run-operation.ts";
import { testHost } from "./test-host.ts";
import type { TestWorkspace } from "./workspace.ts";

/** Claims an issue and says `won`, or the code of the refusal. */
export type ClaimRacer = (id: string) => Promise<string>;

/** Claimants in this process: each claim is an operation with a context and a connection of its own. */
export function claimRacers(
  workspace: TestWorkspace,
  { count, actor }: { readonly count: number; readonly actor: string },
): ClaimRacer[] {
  const host = testHost(workspace, { actor });
  const claim: ClaimRacer = async (id) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the operation of that name gives
    const { failures } = (await runOperation(host, "issue.update", { ids: [id], claim: true })) as Several;
    const [failure] = failures;
    if (failure === undefined) return "won";
    return failure.error instanceof BdError ? failure.error.code : String(failure.error);
  };
  return Array.from({ length: count }, () => claim);
}
