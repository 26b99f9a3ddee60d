import * as z from "zod/mini";
import { requireSetting } from "../../config/settings/decide-setting.ts";
import {
  type HookFile,
  type HookManager,
  type HookPlace,
  hookFilesIn,
  hookPlaceOf,
} from "../../sync/hooks/hook-place.ts";
import type { BaseContext } from "../context.ts";
import { requireGitRepository } from "../workspace/set-up-git-sync.ts";

/** What git runs in this clone, and for whom. */
export interface HooksReport {
  /** Where git looks. */
  readonly folder: string;
  readonly manager: HookManager | undefined;
  readonly hooks: readonly HookFile[];
  /** Whether the project keeps its issues in a file: hooks do nothing otherwise. */
  readonly syncs: boolean;
}

/** Throws BdError config NO_WORKSPACE, NO_GIT_REPOSITORY. */
export async function describeHooks(context: BaseContext): Promise<HooksReport & { readonly place: HookPlace }> {
  const workspace = context.workspace();
  await requireGitRepository(context, workspace);
  const place = await hookPlaceOf({ env: context.machine.env, signal: context.signal }, workspace.root);
  if (place === undefined) throw new Error("git knows a work tree, and no place for its hooks");
  const syncs = requireSetting("sync.jsonl", await context.sources());
  return { folder: place.folder, manager: place.manager, hooks: hookFilesIn(place), syncs, place };
}

export const hooksWire = {
  of: ({ folder, manager, hooks, syncs }: HooksReport) => ({
    folder,
    manager: manager?.name ?? null,
    ...(manager === undefined ? {} : { lines: manager.lines }),
    hooks: hooks.map(({ name, path, state }) => ({ name, path, state })),
    sync_jsonl: syncs,
  }),
  schema: () =>
    z.looseObject({
      folder: z.string().check(z.describe("Where git looks for hooks.")),
      manager: z.nullable(z.string()).check(z.describe("Who else writes into that folder: then nothing is installed.")),
      lines: z.optional(z.array(z.string()).check(z.describe("What to put into the manager's own files."))),
      hooks: z.array(z.looseObject({ name: z.string(), path: z.string(), state: z.string() })),
      sync_jsonl: z.boolean(),
    }),
};
