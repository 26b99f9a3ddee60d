import { BranchHome, type BranchOptions, syncBranchOf } from "../../sync/branch/branch-home.ts";
import { type FileHome, workTreeHome } from "../../sync/file-home.ts";
import type { GitCaller } from "../../sync/run-git.ts";
import type { FilePlace } from "../../sync/sync-file.ts";
import type { BaseContext, ReadContext } from "../context.ts";

export function gitCaller({ machine, signal }: Pick<BaseContext, "machine" | "signal">): GitCaller {
  return { env: machine.env, signal };
}

/** Where the file lives by the word of the person. Throws BdError config SYNC_BRANCH_UNUSABLE. */
export async function openHome(
  context: ReadContext,
  place: FilePlace,
  options: Pick<BranchOptions, "isOnline" | "rules">,
): Promise<FileHome | BranchHome> {
  const caller = gitCaller(context);
  const branch = await syncBranchOf(caller, place.beadsDir);
  if (branch === undefined) return workTreeHome(caller, place);
  return BranchHome.open(caller, { beadsDir: place.beadsDir, branch, author: await context.actor(), ...options });
}
