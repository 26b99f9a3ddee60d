import { NO_NEWS } from "../../core/task-mirror/cell-dates.ts";
import type { Taken } from "../../tracker/mirror-group.ts";
import type { WriteContext } from "../context.ts";
import { newsFor } from "./issue-news.ts";
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
  /** Compare everything, whatever is known. */
  readonly compares?: boolean;
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
  { recovers, compares = false, tally }: RoundOptions,
): Promise<boolean> {
  const { group, source } = store;
  if (recovers) await requireSetUp(store);
  const cursor = await group.cursor();
  const left = recovers ? [await group.leftovers(BATCH)] : [];
  const parts = [...left, await group.news(BATCH, changesIn(left))];
  const entries = entriesIn(parts);
  const since =
    cursor === undefined ? undefined : await newsOf(context, store, { cursor, isIdle: entries.length === 0 });
  const isCompared = await group.isCompared();
  if (compares || since === undefined || !isCompared || parts.some(({ hasGap }) => hasGap)) {
    parts.push(...(await rest(store)));
    const work = workOf(changesIn(parts), source);
    const isBlind = since === undefined || !isCompared;
    if (await mirrorEverything(context, store, { tally, since, isBlind, work })) await group.done(entriesIn(parts));
    return true;
  }
  const work = { ...workOf(changesIn(parts), source), ...since };
  const isQuiet = work.tasks.size + work.purged.size + since.news.dates.size + since.news.gone.size === 0;
  if (!isQuiet && !(await mirrorBatch(context, store, work, tally))) return true;
  if (since.head !== cursor) await group.moveCursor(since.head);
  await group.done(entries);
  return entries.length >= BATCH;
}

/** All that the stream has: what is known of single changes goes before what a comparison can tell. */
async function rest({ group }: TaskStore): Promise<Taken[]> {
  const parts: Taken[] = [];
  for (let part = await group.news(BATCH); part.entries.length > 0; part = await group.news(BATCH)) parts.push(part);
  return parts;
}

function changesIn(parts: readonly Taken[]) {
  return parts.flatMap(({ changes }) => changes);
}

function entriesIn(parts: readonly Taken[]) {
  return parts.flatMap(({ entries }) => entries);
}

/** Undefined where the history does not hold the cursor. An idle round asks for no more than the newest commit. */
async function newsOf(
  context: WriteContext,
  store: TaskStore,
  { cursor, isIdle }: { readonly cursor: string; readonly isIdle: boolean },
) {
  if (isIdle && (await context.newestCommit()) === cursor) return { news: NO_NEWS, head: cursor };
  return newsFor(context, store, cursor);
}
