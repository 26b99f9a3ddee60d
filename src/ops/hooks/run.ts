import * as z from "zod/mini";
import { requireSetting } from "../../config/settings/decide-setting.ts";
import { requireOwnFolder } from "../../config/workspace/workspace.ts";
import { BdError } from "../../errors.ts";
import { startProgram } from "../../host/child-process.ts";
import { OUTSIDE_HOOKS } from "../../host/outside-hooks.ts";
import { realName } from "../../host/read-file.ts";
import { syncBranchOf } from "../../sync/branch/branch-home.ts";
import { GitPlace, objectFormatAt } from "../../sync/git-place.ts";
import { stageFile } from "../../sync/hooks/stage-file.ts";
import { readSyncFile } from "../../sync/sync-file.ts";
import type { MachineContext } from "../context.ts";
import { tellDaemon } from "../daemon/event.ts";
import { defineOperation } from "../operation.ts";
import { gitCaller } from "../sync/open-home.ts";
import { syncFile } from "../sync/sync.ts";

const RunInput = z.strictObject({
  hook: z.string(),
  /** As git gives them to a hook. */
  args: z.array(z.string()),
  /** Git does not wait for it: it is the work that a hook has left behind. */
  in_background: z.boolean(),
});

/**
 * What git runs. It fails nothing of git's, so it throws nothing: what was not done, it says in one line.
 */
export const runHook = defineOperation({
  name: "hooks.run",
  access: "machine",
  // It looks after that itself, and is silent.
  changesNothing: true,
  input: RunInput,
  async run(
    context,
    { hook, args, in_background: isBackground }: z.infer<typeof RunInput>,
  ): Promise<{ readonly ended: true }> {
    try {
      if (await isWanted(context)) await (isBackground ? takeInLater(context) : work(context, hook, args));
    } catch (error) {
      if (!isBackground) context.note(`${who(hook)}: ${why(error)}`);
    }
    return { ended: true };
  },
  wire: { of: () => undefined, schema: () => z.never().check(z.describe("None: git hears nothing.")) },
});

/** Git's own words stand around ours. */
function who(hook: string): string {
  return ["bd", hook].join(" ");
}

function why(error: unknown): string {
  if (error instanceof BdError && error.kind === "interrupted")
    return "it took too long, and was left; bd sync does it";
  return error instanceof Error ? error.message : String(error);
}

/** Outside of a workspace, and where the issues are in no file, there is nothing to do. */
async function isWanted(context: MachineContext): Promise<boolean> {
  if (context.findWorkspace() === undefined) return false;
  if (!requireSetting("sync.jsonl", await context.sources())) return false;
  // Then the file in the work tree has no part in it.
  return (await syncBranchOf(gitCaller(context), context.workspace().root)) === undefined;
}

async function work(context: MachineContext, hook: string, args: readonly string[]): Promise<void> {
  if (hook === "pre-commit") return flushAndStage(context);
  if (hook === "pre-push") return sayUnflushed(context);
  if (hook === "post-merge" || hook === "post-rewrite") return takeIn(context);
  // Another branch at the same commit has the same file.
  const [before, after, isBranch] = args;
  if (hook === "post-checkout" && !(isBranch === "1" && before === after)) return takeIn(context);
  return undefined;
}

const SYNC = { full: false, dry_run: false, allow_deletes: false, by_itself: true, vouched_for: true } as const;

/** The commit has what the tracker has. */
async function flushAndStage(context: MachineContext): Promise<void> {
  if (await isReadonly(context)) return;
  const silent = { ...context, note: () => {} };
  const { owners } = context.workspace();
  const beadsDir = realName(requireOwnFolder(context.workspace()));
  const caller = { env: context.machine.env, signal: context.signal };
  const filePlace = { beadsDir, ...(owners === undefined ? {} : { owners }) };
  const before = await readSyncFile(filePlace, await objectFormatAt(caller, beadsDir));
  const place = await GitPlace.at(caller, beadsDir);
  const { busyWith, written = [] } = await syncFile.run(silent, { ...SYNC, direction: "flush", in_hook: true });
  if (busyWith !== undefined || place === undefined) return;
  // What is written is staged, even if time is up: git checks out nothing over a file that is not.
  const { env } = caller;
  const left = await stageFile({ env }, { cwd: context.folder, beadsDir, place, before: before?.blob });
  if (left !== undefined)
    context.note(`${who("pre-commit")}: .beads/issues.jsonl has changed, and is not in this commit: ${left}`);
  else if (written.length > 0) context.detail(`${written.length} lines of .beads/issues.jsonl are in this commit`);
}

async function sayUnflushed(context: MachineContext): Promise<void> {
  const silent = { ...context, note: () => {} };
  const { written = [] } = await syncFile.run(silent, { ...SYNC, direction: "flush", dry_run: true });
  if (written.length === 0) return;
  const what = `${written.length} issue(s) have changed and are not`;
  context.note(`${who("pre-push")}: ${what} in .beads/issues.jsonl; bd sync writes it, and git commit takes it along`);
}

/** The daemon does it, or a process that git does not wait for. */
async function takeIn(context: MachineContext): Promise<void> {
  const { isTold } = await tellDaemon.run(context, { event: "import-needed" });
  if (isTold || (await isReadonly(context))) return;
  const { node, bd, env } = context.machine;
  const child = startProgram(node, [bd, "hooks", "run", "post-merge", "--in-background"], {
    cwd: context.workspace().root,
    env: { ...env, ...OUTSIDE_HOOKS },
    detached: true,
    stdio: "ignore",
  });
  child.on("error", () => {});
  child.unref();
}

const LOOK_MS = 100;
const PATIENCE_MS = 30_000;

/** Git calls its hooks in the middle of what it does; then the file is left alone. */
async function takeInLater(context: MachineContext): Promise<void> {
  const silent = { ...context, note: () => {} };
  const { timing, signal } = context;
  for (const began = timing.now(); timing.now() - began < PATIENCE_MS; await timing.sleep(LOOK_MS, signal)) {
    const { busyWith } = await syncFile.run(silent, { ...SYNC, direction: "import" });
    if (busyWith === undefined) return;
  }
}

async function isReadonly(context: MachineContext): Promise<boolean> {
  return requireSetting("readonly", await context.sources());
}
