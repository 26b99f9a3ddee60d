import * as z from "zod/mini";
import { requireSetting } from "../../config/settings/decide-setting.ts";
import { syncBranchOf } from "../../sync/branch/branch-home.ts";
import {
  type HookFile,
  type HookManager,
  type HookPlace,
  hookFilesIn,
  hookPlaceOf,
} from "../../sync/hooks/hook-place.ts";
import type { BaseContext } from "../context.ts";
import { gitCaller } from "../sync/open-home.ts";
import { requireGitRepository } from "../workspace/set-up-git-sync.ts";

/** What git runs in this clone, and for whom. */
export interface HooksReport {
  /** Where git looks. */
  readonly folder: string;
  readonly manager: HookManager | undefined;
  readonly hooks: readonly HookFile[];
  /** Whether the project keeps its issues in a file: hooks do nothing otherwise. */
  readonly syncs: boolean;
  /** The branch that the file is on by the word of the person: hooks do nothing then, either. */
  readonly syncBranch: string | undefined;
}

/** Throws BdError config NO_WORKSPACE, NO_GIT_REPOSITORY. */
export async function describeHooks(context: BaseContext): Promise<HooksReport & { readonly place: HookPlace }> {
  const workspace = context.workspace();
  await requireGitRepository(context, workspace);
  const place = await hookPlaceOf(gitCaller(context), workspace.root);
  if (place === undefined) throw new Error("git knows a work tree, and no place for its hooks");
  const syncs = requireSetting("sync.jsonl", await context.sources());
  const syncBranch = await syncBranchOf(gitCaller(context), workspace.root);
  return { folder: place.folder, manager: place.manager, hooks: hookFilesIn(place), syncs, syncBranch, place };
}

/** What is still to be put into a manager's files. */
export function missingLines({ manager, hooks }: Pick<HooksReport, "manager" | "hooks">): string[] {
  const missing = hooks.filter(({ state }) => state !== "called" && state !== "installed").map(({ name }) => name);
  return manager === undefined || missing.length === 0 ? [] : manager.linesFor(missing);
}

export const hooksWire = {
  of: ({ folder, manager, hooks, syncs, syncBranch }: HooksReport) => ({
    folder,
    manager: manager?.name ?? null,
    ...(manager === undefined ? {} : { lines: missingLines({ manager, hooks }) }),
    hooks: hooks.map(({ name, path, state }) => ({ name, path, state })),
    sync_jsonl: syncs,
    ...(syncBranch === undefined ? {} : { sync_branch: syncBranch }),
  }),
  schema: () =>
    z.looseObject({
      folder: z.string().check(z.describe("Where git looks for hooks.")),
      manager: z.nullable(z.string()).check(z.describe("Who else writes into that folder: then nothing is installed.")),
      lines: z.optional(z.array(z.string()).check(z.describe("What is still to be put into the manager's own files."))),
      hooks: z.array(z.looseObject({ name: z.string(), path: z.string(), state: z.string() })),
      sync_jsonl: z.boolean(),
      sync_branch: z.optional(z.string().check(z.describe("Git's `sync.branch`: hooks do nothing while it is set."))),
    }),
};
