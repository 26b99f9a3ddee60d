import { basename, dirname, join } from "node:path";
import { BdError } from "../../errors.ts";
import { fileKindAt, isLink, realName } from "../../host/read-file.ts";
import { isOneRepository } from "./git-folder.ts";
import type { Workspace } from "./workspace.ts";
import { isTrusted, trustLine } from "./workspace-owner.ts";

/** Where the way to a workspace began, and what the person says of such places. */
interface Origin {
  /** The folder that has the workspace, or the linked worktree that has none of its own. */
  readonly origin: string;
  /** As in `Trust`. */
  readonly trusted: readonly string[];
}

/**
 * A project says which tracker is its own, and never that it is another one of the person's. What leads from its folder
 * to a tracker (a redirect, a link in place of `.beads` or of `metadata.json`, a worktree's pointer) may lead to what git
 * knows as the same repository. Elsewhere it leads by the person's word alone: trust in the folder where it begins.
 *
 * @throws BdError config/WORKSPACE_LEADS_OUT, and as `readTextFile`
 */
export function requireOwnRepository(workspace: Workspace, { origin, trusted }: Origin): void {
  const root = realName(origin);
  for (const { path, target } of stepsOf(workspace, origin)) {
    const around = basename(target) === ".beads" ? dirname(target) : target;
    if (around === root || isOneRepository(root, around) || isTrusted(root, trusted)) continue;
    throw new BdError(
      "config",
      "WORKSPACE_LEADS_OUT",
      `${path} leads to ${target}, and git does not know that as the same repository as ${root}: bd follows it only where you trust it`,
      { hint: trustLine(root, trusted), details: { path, target } },
    );
  }
}

/** Each file or link that says where the tracker is, and the folder that it leads to. */
function stepsOf({ beadsDir, redirectedFrom, metadataPath }: Workspace, origin: string) {
  const link = isLink(beadsDir) ? beadsDir : join(origin, ".git");
  const path = redirectedFrom === undefined ? link : join(redirectedFrom, "redirect");
  const steps = [{ path, target: realName(beadsDir) }];
  if (!isLink(metadataPath) || fileKindAt(metadataPath) === undefined) return steps;
  return [...steps, { path: metadataPath, target: dirname(realName(metadataPath)) }];
}
