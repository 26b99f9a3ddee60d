import type { DeletionRules } from "../../core/jsonl-merge/issue-fate.ts";
import { newsIn } from "../../core/jsonl-sync/file-news.ts";
import { type IssueFile, readIssueFile } from "../../core/jsonl-sync/issue-file.ts";
import { syncMessage } from "../../core/jsonl-sync/sync-message.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { BdError, command } from "../../errors.ts";
import type { FileHome } from "../../sync/file-home.ts";
import { hasMarkers, mergedFile } from "../../sync/read-markers.ts";
import { type Origin, originOf } from "../../sync/seen-versions.ts";
import { blobOf, formatOf, type SyncFile } from "../../sync/sync-file.ts";
import type { SyncState } from "../../sync/sync-state.ts";
import type { WriteContext } from "../context.ts";
import { writeFacts } from "../issue/write/write-facts.ts";
import { NOTHING_TAKEN, planTakeIn, type TakeInPlan } from "./plan-take-in.ts";
import { renameIssues } from "./rename-issues.ts";

export interface TakeInOptions {
  readonly home: FileHome;
  readonly state: SyncState | undefined;
  readonly dryRun: boolean;
  /** Take in a file that has lost many issues. */
  readonly allowDeletes: boolean;
  readonly rules: DeletionRules;
  /** See `GitPlace.busyWith`. */
  readonly inHook: boolean;
}

export type TakeInResult =
  | {
      readonly kind: "taken";
      /** As it is now known: without conflict markers. */
      readonly file: IssueFile;
      readonly wasMerged: boolean;
      readonly origin: Origin;
      readonly plan: TakeInPlan;
    }
  /** Git is in the middle of something. */
  | { readonly kind: "left"; readonly busyWith: string };

/** Who makes what comes by git, as far as a file tells. */
const GIT = "git";

const NOTHING: TakeInPlan = { taken: NOTHING_TAKEN, renames: new Map(), moved: [], lost: { ids: [], of: 0 } };

/**
 * Takes in what a file says that we have not written into it: one transaction, one commit. Throws BdError conflict
 * SYNC_UNREADABLE, rejected SYNC_MASS_DELETION; then nothing was written.
 */
export async function takeInFile(
  context: WriteContext,
  file: SyncFile,
  { home, state, dryRun, allowDeletes, rules, inHook }: TakeInOptions,
): Promise<TakeInResult> {
  const place = await home.gitPlace();
  const wasMerged = hasMarkers(file.text);
  const busyWith = wasMerged ? undefined : place?.busyWith({ inHook });
  if (busyWith !== undefined) return { kind: "left", busyWith };
  const text = wasMerged ? await mergedFile(file.text, place, rules) : file.text;
  const whole = wasMerged ? { ...file, text, blob: blobOf(text, formatOf(file.blob)) } : file;
  const origin = await originOf(whole, state, place);
  const parsed = readIssueFile(text);
  const done = { kind: "taken", file: parsed, wasMerged, origin } as const;
  if (origin.isOld) return { ...done, plan: NOTHING };
  const news = newsIn(parsed, origin.seen);
  if (news.bad.length > 0) throw unreadable(home.name, file.text, news.bad);
  const incoming = { file: parsed, news, origin, rules, since: state?.commit, at: toWireTime(context.clock()) };
  const planned = await context.read((reader) => planTakeIn(reader, incoming));
  if (!allowDeletes) requireFew(planned);
  const { renames } = planned;
  const { changed, deleted } = planned.taken;
  if (dryRun || renames.size + changed.length + deleted.length === 0) return { ...done, plan: planned };
  const from = whole.blob === place?.headBlob ? place.head : undefined;
  let count = 0;
  const plan = await context.write(
    () => syncMessage(count),
    async (tx) => {
      const before = await planTakeIn(tx, incoming);
      const renamings = await renameIssues(tx, before.renames, { actor: GIT, newId: context.newId });
      const current = renamings === 0 ? before : await planTakeIn(tx, incoming);
      if (!allowDeletes) requireFew(current);
      count = renamings + current.taken.changed.length + current.taken.deleted.length;
      await writeFacts(tx, current.taken, { actor: GIT, origin: from ?? whole.blob });
      return { ...current, renames: before.renames };
    },
  );
  return { ...done, plan };
}

/** So many are named in a message, and one more makes a number of them. */
const NAMED = 10;
const MAX_DETAILS = 1000;

function unreadable(
  path: string,
  text: string,
  bad: readonly { readonly text: string; readonly reason: string }[],
): BdError {
  const numbers = new Map(text.split("\n").map((line, index) => [line, index + 1]));
  const lines = bad.map((one) => ({ line: numbers.get(one.text), reason: one.reason }));
  const named = lines
    .slice(0, NAMED)
    .map(({ line, reason }) => (line === undefined ? reason : `line ${line}: ${reason}`));
  const more = lines.length > NAMED ? `; and ${lines.length - NAMED} more` : "";
  return new BdError(
    "conflict",
    "SYNC_UNREADABLE",
    `${path} can't be taken in, and nothing was written: ${named.join("; ")}${more}`,
    { hint: command`bd sync --status`, details: { path, lines: lines.slice(0, MAX_DETAILS) } },
  );
}

/** More than one issue, and more than this part of all. */
const MOST_LOST = 0.2;

function requireFew({ lost: { ids, of } }: TakeInPlan): void {
  if (ids.length < 2 || ids.length <= of * MOST_LOST) return;
  throw new BdError(
    "rejected",
    "SYNC_MASS_DELETION",
    `the file of issues has lost ${ids.length} of ${of} issues, so nothing was taken in or written; --allow-deletes takes it as it is`,
    { hint: command`bd sync --dry-run --allow-deletes`, details: { lost: ids.slice(0, MAX_DETAILS), of } },
  );
}
