import { BdError } from "../../src/errors.ts";
import { call, callerIn, testApp } from "./test-app.ts";
import type { TestWorkspace } from "./workspace.ts";

/** Claims an issue and says `won`, or the code of the refusal. */
export type ClaimRacer = (id: string) => Promise<string>;

/** Claimants in this process: each claim is an operation with a context and a connection of its own. */
export function claimRacers(
  workspace: TestWorkspace,
  { count, actor }: { readonly count: number; readonly actor: string },
): ClaimRacer[] {
  const app = testApp();
  const caller = callerIn(workspace, { actor });
  const claim: ClaimRacer = async (id) => {
    const { failures } = await call(app, caller, "issue.update", { ids: [id], claim: true });
    const [failure] = failures;
    if (failure === undefined) return "won";
    return failure.error instanceof BdError ? failure.error.code : String(failure.error);
  };
  return Array.from({ length: count }, () => claim);
}
