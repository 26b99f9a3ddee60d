import * as z from "zod/mini";
import { CHANGE_STEPS, type ChangeEvent } from "../../core/changes/change-event.ts";
import type { FeedEvent } from "../../core/changes/feed-event.ts";
import { issuesWith } from "../../store/changes/issues-with.ts";
import type { ReadContext } from "../context.ts";
import type { Step } from "./events-from.ts";

const EVENT_TYPES = CHANGE_STEPS.flat();

/** Which events are wanted; what is left out wants all. A resync is always heard. */
export const EventFilter = z.strictObject({
  /** Issues by their whole ids. */
  issues: z.optional(z.array(z.string())),
  types: z.optional(z.array(z.enum(EVENT_TYPES))),
  /** Of issues that have all of these labels, before or after. */
  labels: z.optional(z.array(z.string())),
  /** Of issues that are this person's, before or after. */
  assignee: z.optional(z.string()),
});

export type EventFilter = z.infer<typeof EventFilter>;

/** The events of a step that are wanted. One round trip where labels or the assignee decide. */
export async function wantedEvents(
  { read }: Pick<ReadContext, "read">,
  { events, range }: Step,
  filter: EventFilter,
): Promise<FeedEvent[]> {
  const { labels = [], assignee } = filter;
  const named = events.filter((event) => isNamedBy(event, filter));
  if (range === undefined || (labels.length === 0 && assignee === undefined)) return named;
  const ids = [...new Set(named.flatMap((event) => (event.type === "resync" ? [] : issuesOf(event))))];
  // Before the first of them there need not even be a table.
  const isNew = new Set(events.flatMap((event) => (event.type === "created" ? [event.issue_id] : [])));
  const older = ids.filter((id) => !isNew.has(id));
  const found = await read((reader) =>
    reader.all([issuesWith(range.from, older, { labels, assignee }), issuesWith(range.to, ids, { labels, assignee })]),
  );
  const having = new Set(found.flat());
  return named.filter((event) => event.type === "resync" || issuesOf(event).some((id) => having.has(id)));
}

/** Whether an event is wanted, as far as it tells by itself. */
export function isNamedBy(event: FeedEvent, { issues, types }: Pick<EventFilter, "issues" | "types">): boolean {
  return (
    event.type === "resync" ||
    ((types === undefined || types.includes(event.type)) &&
      (issues === undefined || issuesOf(event).some((id) => issues.includes(id))))
  );
}

/** The issue of an event; of one that moved, under both ids. None of a setting. */
function issuesOf(event: ChangeEvent): string[] {
  if (event.type === "config_changed") return [];
  const moved = [
    "moved_to" in event ? event.moved_to : undefined,
    "moved_from" in event ? event.moved_from : undefined,
  ];
  return [event.issue_id, ...moved.filter((id) => id !== undefined)];
}
