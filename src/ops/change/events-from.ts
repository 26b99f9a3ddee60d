import type { Cursor } from "../../core/changes/cursor.ts";
import type { FeedEvent } from "../../core/changes/feed-event.ts";
import { toWireTime } from "../../core/time/wire-time.ts";
import { changesBetween, type Range } from "../../store/changes/changes-between.ts";
import { wayTo } from "../../store/changes/commits-since.ts";
import { commitAt } from "../../store/changes/history-commits.ts";
import type { ReadContext } from "../context.ts";

/** Events that lead on from a cursor, a step at a time. */
export interface Step {
  readonly events: readonly FeedEvent[];
  /** The commits that the step lies between; undefined for a resync. */
  readonly range: Range | undefined;
  /** Where whoever has read all of the step is. */
  readonly cursor: Cursor;
}

/**
 * Everything that happened since a cursor (or the beginning of the history), until the commit that `to` names (HEAD). Each
 * step is read when it is asked for; whoever stops in the middle of one goes on from the cursor of the last event it took.
 * Throws BdError unavailable SERVER_ERROR where `to` names nothing.
 */
export async function* eventsFrom(
  context: Pick<ReadContext, "read" | "clock">,
  start: Cursor | undefined,
  to?: string,
): AsyncGenerator<Step, void, void> {
  const { to: newest, steps } = await context.read((reader) => wayTo(reader, { from: start?.commit, to }));
  if (steps === undefined) {
    const resync = { type: "resync" as const, cursor: newest, at: toWireTime(context.clock()) };
    yield { events: [resync], range: undefined, cursor: { commit: newest } };
    return;
  }
  const rest = start?.read === undefined ? [] : [await restOf(context, { ...start, read: start.read })];
  for (const { range, skip } of [...rest, ...steps.map((step) => ({ range: step, skip: 0 }))]) {
    const { events } = await context.read((reader) => changesBetween(reader, range));
    yield { events: events.slice(skip), range, cursor: { commit: range.to } };
  }
}

/** What is left of a step that was read in part. */
async function restOf({ read }: Pick<ReadContext, "read">, cursor: Cursor & { readonly read: number }) {
  const from = cursor.from ?? (await read((reader) => reader.all([commitAt(cursor.commit)])))[0].parents[0];
  const via = cursor.from === undefined ? {} : { via: "pull" as const };
  // The first commit of all has nothing before it, and did nothing.
  return { range: { from: from ?? cursor.commit, to: cursor.commit, ...via }, skip: cursor.read };
}
