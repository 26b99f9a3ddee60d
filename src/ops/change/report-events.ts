import { redacted } from "../../config/settings/explain-setting.ts";
import type { FieldChanges } from "../../core/changes/change-event.ts";
import { type Cursor, parseCursor } from "../../core/changes/cursor.ts";
import type { FeedEvent } from "../../core/changes/feed-event.ts";
import type { ReadContext } from "../context.ts";
import { type EventFilter, wantedEvents } from "./event-filter.ts";
import { eventsFrom } from "./events-from.ts";

/** Where somebody who follows stands. */
export interface Position {
  /** Undefined at the very beginning. */
  cursor: Cursor | undefined;
  /** How many wanted events were said so far. */
  said: number;
}

export interface Wanted {
  /** Asked for each step: a move of an issue may have changed it. */
  readonly filter: () => EventFilter;
  readonly to?: string | undefined;
  /** Hears of each event that was said; true where that was enough. */
  readonly isEnough?: (event: FeedEvent) => boolean;
}

/**
 * Says every wanted event from a position on, and moves it with each, so that whoever was stopped by an error goes on
 * where they stood. True where an event was enough.
 */
export async function reportEvents(
  context: Pick<ReadContext, "read" | "clock" | "event">,
  position: Position,
  { filter, to, isEnough = () => false }: Wanted,
): Promise<boolean> {
  for await (const step of eventsFrom(context, position.cursor, to)) {
    for (const event of await wantedEvents(context, step, filter())) {
      await context.event(withoutSecrets(event));
      position.said += 1;
      position.cursor = parseCursor(event.cursor);
      if (isEnough(event)) return true;
    }
    position.cursor = step.cursor;
  }
  return false;
}

/** Values of settings may be secrets. */
function withoutSecrets(event: FeedEvent): FeedEvent {
  if (event.type !== "config_changed") return event;
  const shown = (value: unknown) => (typeof value === "string" ? redacted(event.key, value) : value);
  const changes: FieldChanges = Object.fromEntries(
    Object.entries(event.changes).map(([field, { old, new: now }]) => [field, { old: shown(old), new: shown(now) }]),
  );
  return { ...event, changes };
}
