import * as z from "zod/mini";
import { requireSetting } from "../../config/settings/decide-setting.ts";
import { requireOwnFolder } from "../../config/workspace/workspace.ts";
import type { DeletionRules } from "../../core/jsonl-merge/issue-fate.ts";
import type { IssueFile } from "../../core/jsonl-sync/issue-file.ts";
import { readIssueFile } from "../../core/jsonl-sync/issue-file.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { BdError, command } from "../../errors.ts";
import { realName } from "../../host/read-file.ts";
import { historyHas } from "../../store/changes/issue-ids.ts";
import { BranchHome, syncBranchOf } from "../../sync/branch/branch-home.ts";
import type { FileHome } from "../../sync/file-home.ts";
import { objectFormatAt } from "../../sync/git-place.ts";
import { type FilePlace, formatOf, syncPath } from "../../sync/sync-file.ts";
import { leaveSyncState, readSyncState, type SyncState } from "../../sync/sync-state.ts";
import type { BaseContext, WriteContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { fileChange } from "./file-change.ts";
import { type Known, stateTaken, stateWritten } from "./next-state.ts";
import { gitCaller, openHome } from "./open-home.ts";
import type { TakeInPlan } from "./plan-take-in.ts";
import { joinedResult, NOTHING, type SyncResult, syncWire } from "./sync-result.ts";
import { takeInFile } from "./take-in-file.ts";
import { textToWrite, type WriteOptions } from "./text-to-write.ts";

export const SyncInput = z.strictObject({
  /** `import` writes no file; `flush` takes in only what stands in the way of writing it. */
  direction: z.enum(["both", "flush", "import"]),
  /** Compare everything, whatever is known of the last time. */
  full: z.boolean(),
  dry_run: z.boolean(),
  /** Take in a file that has lost many issues. */
  allow_deletes: z.boolean(),
  /** Nobody asked for it: do nothing unless the project wants that, and the file was taken in here before. */
  by_itself: z.boolean(),
  /** The person has said that this clone's file counts, by installing hooks or by an init: it need not be known yet. */
  vouched_for: z.optional(z.boolean()),
  /** Git waits for it, and has locked its index meanwhile. */
  in_hook: z.optional(z.boolean()),
});

export type SyncInput = z.infer<typeof SyncInput>;

/**
 * The file of issues and the tracker learn of each other. Throws BdError conflict SYNC_UNREADABLE, unavailable
 * SYNC_FILE_BUSY, SYNC_REMOTE_FAILED, rejected SYNC_MASS_DELETION, config FILE_IS_LINK, LINK_LEADS_OUT,
 * SYNC_BRANCH_UNUSABLE, and as files are read and written.
 */
export const syncFile = defineOperation({
  name: "sync.run",
  access: "exchange",
  input: SyncInput,
  async run(context, input: SyncInput): Promise<SyncResult> {
    const { owners } = context.workspace();
    const beadsDir = requireOwnFolder(context.workspace());
    const place: FilePlace = { beadsDir: realName(beadsDir), ...(owners === undefined ? {} : { owners }) };
    if (input.by_itself && !(await isWanted(context, place, input))) {
      const file = syncPath(beadsDir);
      return { file, dryRun: input.dry_run, busyWith: undefined, plan: NOTHING, written: undefined };
    }
    try {
      return await untilNobodyWrites(context, place, input);
    } catch (error) {
      if (error instanceof BdError && !input.dry_run) await remember(context, place, error);
      throw error;
    }
  },
  wire: syncWire,
});

/** A branch is brought together with a remote, which nobody asks unless a person says so. */
async function isWanted(
  context: WriteContext,
  place: FilePlace,
  { vouched_for: isVouchedFor }: SyncInput,
): Promise<boolean> {
  if (!requireSetting("sync.jsonl", await context.sources())) return false;
  if (isVouchedFor !== true && fileChange(place) === "unknown") return false;
  return (await syncBranchOf(gitCaller(context), place.beadsDir)) === undefined;
}

/** Whoever writes the file while it is compared has it compared anew. */
const MOST_ATTEMPTS = 8;

async function untilNobodyWrites(context: WriteContext, place: FilePlace, input: SyncInput): Promise<SyncResult> {
  const rules = { implicitDeletes: requireSetting("sync.implicit_deletes", await context.sources()) === "win" };
  const home = await openHome(context, place, {
    rules,
    isOnline: input.direction !== "flush" && !input.dry_run,
  });
  const isShared = input.direction !== "import" && !input.dry_run;
  const done: SyncResult[] = [];
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const { result, isOvertaken } = await synchronise(context, { ...place, home, rules }, input);
    done.push(result);
    if (isOvertaken || (isShared && !(await home.share()))) continue;
    if (isShared && home instanceof BranchHome && !home.hasRemote)
      context.note("it was pushed nowhere: git has no remote origin here, and not just one of another name");
    return joinedResult(result, done);
  }
  const path = home.name;
  throw new BdError("unavailable", "SYNC_FILE_BUSY", `${path} was changed again and again while bd compared it`, {
    hint: command`bd sync`,
    details: { path },
  });
}

type OpenedPlace = FilePlace & { readonly home: FileHome; readonly rules: DeletionRules };

interface Attempt {
  readonly result: SyncResult;
  /** Somebody has written the file meanwhile, or another process has brought both together. */
  readonly isOvertaken: boolean;
}

async function synchronise(context: WriteContext, place: OpenedPlace, input: SyncInput): Promise<Attempt> {
  const { home, rules } = place;
  const left = readSyncState(place);
  const state = await stillValid(context, left);
  const format = await formatFor(context, place, input.full ? undefined : state);
  const file = await home.read(format);
  const isForeign = file !== undefined && file.blob !== state?.blob;
  const taken = isForeign
    ? await takeInFile(context, file, {
        home,
        state,
        dryRun: input.dry_run,
        allowDeletes: input.allow_deletes,
        rules,
        inHook: input.in_hook === true,
      })
    : undefined;
  const result = { file: home.name, dryRun: input.dry_run, busyWith: undefined, written: undefined };
  if (taken?.kind === "left") {
    return { result: { ...result, busyWith: taken.busyWith, plan: NOTHING }, isOvertaken: false };
  }
  const plan = taken?.plan ?? NOTHING;
  const known = { home, format, state, file, taken };
  if (input.direction === "import") {
    if (taken === undefined || input.dry_run) return { result: { ...result, plan }, isOvertaken: false };
    const next = await stateAfter(context, known, whatToWrite(known, input));
    const isLeft = await leaveSyncState(place, left, () =>
      home.stamp() === file?.stamp ? { state: next } : undefined,
    );
    return { result: { ...result, plan }, isOvertaken: !isLeft };
  }
  const written = await textToWrite(context, whatToWrite(known, input));
  // What is only looked at has not come in yet: its lines would be the tracker's own.
  const coming = new Set(input.dry_run ? idsIn(plan.taken) : []);
  const ids = written.ids.filter((id) => !coming.has(id));
  if (input.dry_run) return { result: { ...result, plan, written: ids }, isOvertaken: false };
  // Of an empty tracker there is a file, too: git takes along what is there.
  const isNew = written.text !== file?.text;
  if (!isNew && stateWritten(known, written) === state)
    return { result: { ...result, plan, written: ids }, isOvertaken: false };
  const isLeft = await leaveSyncState(place, left, async () => {
    const isThere = !isNew || (await home.write(written.text, file?.stamp));
    return isThere ? { state: stateWritten(known, written) } : undefined;
  });
  return { result: { ...result, plan, written: isLeft ? ids : [] }, isOvertaken: !isLeft };
}

/** Often the file says all that the tracker does. That is looked at where a few issues answer it. */
async function stateAfter(context: WriteContext, known: Known, asked: WriteOptions): Promise<SyncState | undefined> {
  if (asked.since !== undefined) {
    const written = await textToWrite(context, asked);
    if (written.text === asked.text) return stateWritten(known, written);
  }
  const [{ head }] = await context.read((reader) => reader.all([historyHas("")]));
  return stateTaken(known, head);
}

function idsIn({ changed, deleted }: TakeInPlan["taken"]): string[] {
  return [...changed.map(({ after }) => after.issue.id), ...deleted.map(({ id }) => id)];
}

/** What is known of the last time, where the database's history goes on from it. */
async function stillValid(context: WriteContext, left: SyncState | undefined): Promise<SyncState | undefined> {
  if (left === undefined) return undefined;
  const [{ has }] = await context.read((reader) => reader.all([historyHas(left.commit)]));
  return has ? left : undefined;
}

/** Git is asked once: what is known of the last time has names by it. */
async function formatFor(context: BaseContext, { beadsDir }: FilePlace, state: SyncState | undefined) {
  if (state !== undefined) return formatOf(state.blob);
  return objectFormatAt(gitCaller(context), beadsDir);
}

function whatToWrite({ state, file, taken }: Known, { full }: SyncInput): WriteOptions {
  const parsed = taken?.file ?? (file === undefined ? undefined : readIssueFile(file.text));
  const isKnown = !full && file !== undefined && state?.complete === true;
  const ids = new Set<string>();
  let since = isKnown ? state.commit : undefined;
  if (taken !== undefined && parsed !== undefined) {
    const last = taken.origin.last;
    if (last === undefined) since = undefined;
    else for (const id of differingIds(parsed, last)) ids.add(id);
  }
  const isMarked = taken?.wasMerged ?? false;
  return { file: parsed, text: file?.text, since, ids, isMarked };
}

function differingIds(one: IssueFile, other: IssueFile): string[] {
  const ids = new Set([...one.issues.keys(), ...other.issues.keys()]);
  return [...ids].filter((id) => one.issues.get(id) !== other.issues.get(id));
}

/** For `bd sync --status`. What can't be written is no trouble of its own. */
async function remember(context: WriteContext, place: FilePlace, { code, message }: BdError): Promise<void> {
  try {
    const left = readSyncState(place);
    if (left === undefined) return;
    const trouble = { at: toWireTime(context.clock()), code, message };
    await leaveSyncState(place, left, () => ({ state: { ...left, trouble } }));
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
  }
}
