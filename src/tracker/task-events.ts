import type { Change } from "./task-log.ts";
import { textStream } from "./text-stream.ts";
import type { Tracker } from "./tracker.ts";
import { TrackerError } from "./tracker-error.ts";

/** A function's life is limited; the browser comes back by itself, with the id of the last event. */
const STREAM_MS = 50_000;
const LOOK_MS = 1000;
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1000;
const ENTRY = /^\d{1,16}-\d{1,10}$/;

/**
 * Server-sent events of the store's stream: `ready`, `change`, `resync`, `heartbeat`. The id of an event is that of its entry, so
 * whoever comes back misses nothing, as long as the stream keeps it; who comes too late gets one `resync`.
 */
export async function taskEvents(tracker: Tracker, request: Request, streamMs = STREAM_MS): Promise<Response> {
  const asked = request.headers.get("last-event-id") || new URL(request.url).searchParams.get("since") || undefined;
  if (asked !== undefined && !ENTRY.test(asked))
    throw new TrackerError(400, "since: this is no event's id", { field: "since" });
  const ends = await tracker.ends();
  const isTooOld = asked !== undefined && ends !== undefined && isBefore(asked, ends.first) && asked !== "0-0";
  const start = asked === undefined || isTooOld ? (ends?.last ?? "0-0") : asked;
  const texts = follow(tracker, { start, isTooOld, streamMs, signal: request.signal });
  return new Response(textStream(texts), {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

interface Following {
  readonly start: string;
  readonly isTooOld: boolean;
  readonly streamMs: number;
  readonly signal: AbortSignal;
}

async function* follow(
  tracker: Tracker,
  { start, isTooOld, streamMs, signal }: Following,
): AsyncGenerator<string, void, void> {
  const ends = Date.now() + streamMs;
  let [at, said] = [start, Date.now()];
  yield `retry: ${RETRY_MS}\n${sse(isTooOld ? "resync" : "ready", at, { since: at })}`;
  while (!signal.aborted && Date.now() < ends) {
    const changes = await tracker.changesSince(at);
    for (const change of changes) {
      at = change.entry;
      said = Date.now();
      yield sse("change", at, wireOf(change));
    }
    if (changes.length > 0) continue;
    if (Date.now() - said >= HEARTBEAT_MS) {
      said = Date.now();
      yield sse("heartbeat", undefined, {});
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, Math.max(0, ends - Date.now()))));
  }
}

function wireOf({ kind, id, seq, source, fields, after }: Change): object {
  return { kind, id, seq, source, fields, ...(after === undefined ? {} : { task: after }) };
}

function sse(event: string, id: string | undefined, data: object): string {
  // JSON has no line feeds outside of its texts, and escapes them there.
  return `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

function isBefore(one: string, other: string): boolean {
  const [ms = 0, seq = 0] = one.split("-").map(Number);
  const [otherMs = 0, otherSeq = 0] = other.split("-").map(Number);
  return ms < otherMs || (ms === otherMs && seq < otherSeq);
}
