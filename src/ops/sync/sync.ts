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
import { syncBranchOf } from "../../sync/branch/branch-home.ts";
import type { FileHome } from "../../sync/file-home.ts";
import { objectFormatAt } from "../../sync/git-place.ts";
import { blobOf, type FilePlace, formatOf, type ObjectFormat, type SyncFile, syncPath } from "../../sync/sync-file.ts";
import { readSyncState, type SyncState, writeSyncState } from "../../sync/sync-state.ts";
import type { BaseContext, WriteContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { fileChange } from "./file-change.ts";
import { gitCaller, openHome } from "./open-home.ts";
import type { TakeInPlan } from "./plan-take-in.ts";
import { joinedResult, NOTHING, type SyncResult, syncWire } from "./sync-result.ts";
import { type TakeInResult, takeInFile } from "./take-in-file.ts";
import { type Written, writeFile } from "./write-file.ts";

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
      if (error instanceof BdError && !input.dry_run) remember(context, place, error);
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
    const result = await synchronise(context, { ...place, home, rules }, input);
    if (result !== undefined) done.push(result);
    if (result !== undefined && (!isShared || (await home.share()))) return joinedResult(result, done);
  }
  const path = home.name;
  throw new BdError("unavailable", "SYNC_FILE_BUSY", `${path} was changed again and again while bd compared it`, {
    hint: command`bd sync`,
    details: { path },
  });
}

type OpenedPlace = FilePlace & { readonly home: FileHome; readonly rules: DeletionRules };

/** Undefined where the file was changed meanwhile. */
async function synchronise(
  context: WriteContext,
  place: OpenedPlace,
  input: SyncInput,
): Promise<SyncResult | undefined> {
  const { beadsDir, home, rules } = place;
  const state = await validState(context, place);
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
  const result = { file: home.name, dryRun: input.dry_run };
  if (taken?.kind === "left") {
    return { ...result, busyWith: taken.busyWith, plan: NOTHING, written: undefined };
  }
  const plan = taken?.plan ?? NOTHING;
  const known = { beadsDir, home, format, state, file, taken };
  if (input.direction === "import") {
    if (taken !== undefined && !input.dry_run) await rememberTaken(context, known);
    return { ...result, busyWith: undefined, plan, written: undefined };
  }
  const written = await writeFile(context, { ...whatToWrite(known, input), dryRun: input.dry_run });
  if (written === undefined) return undefined;
  if (!input.dry_run) rememberWritten(known, written);
  // What is only looked at has not come in yet: its lines would be the tracker's own.
  const coming = new Set(input.dry_run ? idsIn(plan.taken) : []);
  return { ...result, busyWith: undefined, plan, written: written.ids.filter((id) => !coming.has(id)) };
}

function idsIn({ changed, deleted }: TakeInPlan["taken"]): string[] {
  return [...changed.map(({ after }) => after.issue.id), ...deleted.map(({ id }) => id)];
}

/** What is known of the last time, where the database's history goes on from it. */
async function validState(context: WriteContext, place: FilePlace): Promise<SyncState | undefined> {
  const state = readSyncState(place);
  if (state === undefined) return undefined;
  const [{ has }] = await context.read((reader) => reader.all([historyHas(state.commit)]));
  return has ? state : undefined;
}

/** Git is asked once: what is known of the last time has names by it. */
async function formatFor(context: BaseContext, { beadsDir }: FilePlace, state: SyncState | undefined) {
  if (state !== undefined) return formatOf(state.blob);
  return objectFormatAt(gitCaller(context), beadsDir);
}

interface Known extends Pick<OpenedPlace, "beadsDir" | "home"> {
  readonly format: ObjectFormat;
  readonly state: SyncState | undefined;
  readonly file: SyncFile | undefined;
  readonly taken: Extract<TakeInResult, { kind: "taken" }> | undefined;
}

function whatToWrite({ home, state, file, taken }: Known, { full }: SyncInput) {
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
  return { home, file: parsed, text: file?.text, stamp: file?.stamp, since, ids, isMarked };
}

function differingIds(one: IssueFile, other: IssueFile): string[] {
  const ids = new Set([...one.issues.keys(), ...other.issues.keys()]);
  return [...ids].filter((id) => one.issues.get(id) !== other.issues.get(id));
}

/** The file has been taken in, and says less than the tracker. */
async function rememberTaken(context: WriteContext, { beadsDir, state, file, taken }: Known): Promise<void> {
  if (file === undefined || taken === undefined) return;
  const [{ head }] = await context.read((reader) => reader.all([historyHas("")]));
  writeSyncState(beadsDir, {
    stamp: file.stamp,
    blob: file.blob,
    commit: head,
    complete: false,
    seen: [file.blob, ...(state?.seen ?? [])],
    tips: taken.origin.tips,
    own: ownSince(state, taken.origin.tips),
  });
}

function rememberWritten({ beadsDir, home, format, state, file, taken }: Known, { commit, text }: Written): void {
  const stamp = home.stamp();
  if (stamp === undefined) return;
  const blob = blobOf(text, format);
  const isSame =
    state !== undefined &&
    taken === undefined &&
    [state.stamp, state.blob, state.commit].join() === [stamp, blob, commit].join();
  if (isSame && state.complete && state.trouble === undefined) return;
  const seen = [blob, ...(taken === undefined || file === undefined ? [] : [file.blob]), ...(state?.seen ?? [])];
  const tips = taken?.origin.tips ?? state?.tips ?? [];
  // What was taken in as it is stays somebody else's.
  const written = blob === file?.blob ? [] : [blob];
  const before = ownSince(state, tips);
  const own = before && [...written, ...before];
  writeSyncState(beadsDir, { stamp, blob, commit, complete: true, seen, tips, own });
}

function ownSince(state: SyncState | undefined, [tip]: readonly string[]): readonly string[] | undefined {
  return state !== undefined && state.tips[0] === tip ? state.own : [];
}

/** For `bd sync --status`. What can't be written is no trouble of its own. */
function remember(context: WriteContext, place: FilePlace, { code, message }: BdError): void {
  try {
    const state = readSyncState(place);
    if (state === undefined) return;
    writeSyncState(place.beadsDir, { ...state, trouble: { at: toWireTime(context.clock()), code, message } });
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
  }
}
