import type { Context } from "hono";
import * as z from "zod/mini";
import { parseCursor } from "../core/changes/cursor.ts";
import type { FeedEvent } from "../core/changes/feed-event.ts";
import { EventFilter, isNamedBy } from "../ops/change/event-filter.ts";
import { askerOf, framesFor, type Service, streamed } from "./answer.ts";
import { cursorOf, type EventHub } from "./event-hub.ts";
import { readQuery } from "./route.ts";

export const eventQuery = () => z.extend(EventFilter, { since: z.optional(z.string()) });

/** A connection that is silent longer than two of these is dead. */
const HEARTBEAT_MS = 15_000;
/** After so long a browser asks again. */
const RETRY_MS = 2000;

/**
 * Server-sent events: what happened since a cursor, and what happens from then on. `Last-Event-ID`, which a browser sends
 * when it comes back, goes before `?since=`. Nobody's events are dropped: who reads slowly goes on where they stand.
 */
export async function eventStream(c: Context, service: Service, hub: EventHub): Promise<Response> {
  const { since, ...filter } = readQuery(eventQuery(), new URL(c.req.url).searchParams) as EventFilter & {
    since?: string;
  };
  const start = c.req.header("last-event-id") || since;
  if (start !== undefined) parseCursor(start);
  // Nobody reads what would follow.
  if (c.req.method === "HEAD") return c.body(null, 200, { "Content-Type": "text/event-stream" });
  await hub.join();
  return streamed(c, "text/event-stream", follow(hub, { c, service, start, filter }));
}

interface Following {
  readonly c: Context;
  readonly service: Service;
  readonly start: string | undefined;
  readonly filter: EventFilter;
}

async function* follow(hub: EventHub, { c, service, start, filter }: Following): AsyncGenerator<string, void, void> {
  const asker = askerOf(c, service);
  const over = AbortSignal.any([...asker.signals, service.leaving]);
  const asksTheDatabase = (filter.labels ?? []).length > 0 || filter.assignee !== undefined;
  try {
    let cursor = start ?? hub.at;
    let read: string | undefined;
    if (cursor !== undefined) yield sse("ready", cursor, { cursor }, RETRY_MS);
    while (cursor !== undefined && hub.at !== undefined && !over.aborted) {
      const batch = asksTheDatabase ? undefined : hub.batchFrom(cursor);
      if (batch !== undefined) {
        for (const event of batch.events) if (isNamedBy(event, filter)) yield eventText(event);
        cursor = batch.to;
      } else if (cursor !== hub.at && read !== hub.at) {
        read = hub.at;
        const asked = { operation: "change.list", input: { since: cursor, filter } };
        const frames = framesFor(service, asked, asker);
        let step = await frames.next();
        for (; step.done !== true; step = await frames.next()) {
          if (step.value.kind !== "event") continue;
          yield eventText(step.value.event);
          step.value.taken();
        }
        cursor = cursorOf(step.value.payload());
      } else if (!(await hub.moved(HEARTBEAT_MS, over))) {
        yield sse("heartbeat", undefined, { cursor });
      }
    }
  } finally {
    hub.leave();
  }
}

function eventText(event: FeedEvent): string {
  return sse(event.type === "resync" ? "resync" : "change", event.cursor, event);
}

function sse(name: string, id: string | undefined, data: object, retry?: number): string {
  const lines = [
    `event: ${name}`,
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retry === undefined ? [] : [`retry: ${retry}`]),
    // JSON has no line feeds outside of its texts, and escapes them there.
    `data: ${JSON.stringify(data)}`,
  ];
  return `${lines.join("\n")}\n\n`;
}
