import { NO_NEWS } from "../../core/task-mirror/cell-dates.ts";
import type { Taken } from "../../tracker/mirror-group.ts";
import type { WriteContext } from "../context.ts";
import { issueNewsSince } from "./issue-news.ts";
import { mirrorBatch } from "./mirror-batch.ts";
import { mirrorEverything } from "./mirror-everything.ts";
import type { Tally } from "./tally.ts";
import { requireSetUp, type TaskStore } from "./task-store.ts";
import { workOf } from "./work-of.ts";

/** So many entries of the stream are one batch. */
const BATCH = 500;

/** How a round goes. */
export interface RoundOptions {
  /** Look for what was taken and not brought over, by this mirror or a dead one, too. */
  readonly recovers: boolean;
  readonly tally: Tally;
}

/**
 * Brings over what happened on both sides since the last round, as much as fits into one batch. Gives whether there may be
 * more. What is taken from the stream is given back to nobody before both sides have it. Throws BdError rejected
 * TRACKER_NOT_SET_UP, and as `withTaskStore`.
 */
export async function mirrorRound(
  context: WriteContext,
  store: TaskStore,
  { recovers, tally }: RoundOptions,
): Promise<boolean> {
  const { group } = store;
  if (recovers) await requireSetUp(store);
  const cursor = await group.cursor();
  const parts = [...(recovers ? [await group.leftovers(BATCH)] : []), await group.news(BATCH)];
  const entries = parts.flatMap((part) => part.entries);
  const since = cursor === undefined ? undefined : await newsOf(context, cursor, { isIdle: entries.length === 0 });
  if (since === undefined || parts.some(({ hasGap }) => hasGap)) {
    await mirrorEverything(context, store, { tally, since, purged: workOf(changesIn(parts), store.source).purged });
    await group.done(entries);
    return true;
  }
  const work = { ...workOf(changesIn(parts), store.source), ...since };
  const isQuiet = work.tasks.size + work.purged.size + since.news.dates.size + since.news.gone.size === 0;
  if (!isQuiet && !(await mirrorBatch(context, store, work, tally))) return true;
  if (since.head !== cursor) await group.moveCursor(since.head);
  await group.done(entries);
  return entries.length >= BATCH;
}

function changesIn(parts: readonly Taken[]) {
  return parts.flatMap(({ changes }) => changes);
}

/** Undefined where the history does not hold the cursor. An idle round asks for no more than the newest commit. */
async function newsOf(context: WriteContext, cursor: string, { isIdle }: { readonly isIdle: boolean }) {
  if (isIdle && (await context.newestCommit()) === cursor) return { news: NO_NEWS, head: cursor };
  return context.read((reader) => issueNewsSince(reader, cursor, NO_NEWS));
}
