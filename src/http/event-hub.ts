import type { FeedEvent } from "../core/changes/feed-event.ts";
import { Interruption } from "../errors.ts";
import { type Asker, framesFor, type Service } from "./answer.ts";

/** What happened between two commits. */
export interface Batch {
  readonly from: string;
  readonly to: string;
  readonly events: readonly FeedEvent[];
}

/** So many events are kept for those who come a little later; who comes still later reads the history. */
const KEPT_EVENTS = 2000;

/** One who follows the database for all: a thousand listeners cost the server one query at a time. */
export class EventHub {
  readonly #service: Service;
  readonly #batches: Batch[] = [];
  readonly #waiting = new Set<() => void>();
  /** Those who listen; without any, nothing is followed. */
  #listeners = 0;
  #leaving: AbortController | undefined;
  #position: Promise<string> | undefined;
  #at: string | undefined;

  constructor(service: Service) {
    this.#service = service;
  }

  /** The newest commit up to where all is known; undefined where nobody follows. */
  get at(): string | undefined {
    return this.#at;
  }

  /** Begins to follow with the first who listens. Throws as `workspace.ping`. */
  async join(): Promise<void> {
    this.#listeners += 1;
    try {
      this.#position ??= this.#begin();
      await this.#position;
    } catch (error) {
      this.#position = undefined;
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.#listeners -= 1;
    if (this.#listeners > 0) return;
    this.#leaving?.abort(new Interruption(new AbortController().signal));
    this.#stop();
  }

  /** What came after a commit, where that is remembered. */
  batchFrom(cursor: string): Batch | undefined {
    return this.#batches.find(({ from }) => from === cursor);
  }

  /** Waits for the next change, or for so many milliseconds. Gives whether there was one, or the end of following. */
  moved(ms: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (moved: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve(moved);
      };
      const wake = () => done(true);
      const timer = setTimeout(() => done(false), ms);
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
      if (signal.aborted) wake();
    });
  }

  async #begin(): Promise<string> {
    const { caller, leaving: ending } = this.#service;
    const leaving = new AbortController();
    this.#leaving = leaving;
    const signals = [ending, leaving.signal];
    const frames = framesFor(
      this.#service,
      { operation: "workspace.ping", input: {} },
      {
        caller: { ...caller, wantsCursor: true },
        signals,
      },
    );
    let step = await frames.next();
    while (step.done !== true) step = await frames.next();
    const position = step.value.seen?.commit ?? "";
    this.#at = position;
    void this.#follow(position, { caller, signals }).catch(() => {
      // Whoever listens is let go, comes back, and hears why.
      if (this.#leaving === leaving) this.#stop();
    });
    return position;
  }

  #stop(): void {
    this.#position = undefined;
    this.#leaving = undefined;
    this.#at = undefined;
    this.#batches.length = 0;
    for (const wake of this.#waiting) wake();
  }

  async #follow(position: string, from: Asker): Promise<never> {
    for (let at = position; ; ) {
      const watch = { since: at, from_start: false, once: true, filter: {} };
      for await (const frame of framesFor(this.#service, { operation: "change.watch", input: watch }, from)) {
        if (frame.kind === "event") frame.taken();
      }
      const batch = await this.#batchSince(at, from);
      this.#batches.push(batch);
      while (
        this.#batches.length > 1 &&
        this.#batches.reduce((sum, { events }) => sum + events.length, 0) > KEPT_EVENTS
      ) {
        this.#batches.shift();
      }
      at = batch.to;
      this.#at = at;
      for (const wake of this.#waiting) wake();
    }
  }

  async #batchSince(from: string, request: Asker): Promise<Batch> {
    const frames = framesFor(this.#service, { operation: "change.list", input: { since: from, filter: {} } }, request);
    const events: FeedEvent[] = [];
    for (;;) {
      const { done, value } = await frames.next();
      if (done === true) return { from, to: cursorOf(value.payload()), events };
      if (value.kind !== "event") continue;
      events.push(value.event);
      value.taken();
    }
  }
}

/** Where a list of changes ended. */
export function cursorOf(payload: unknown): string {
  const { cursor } = typeof payload === "object" && payload !== null && "cursor" in payload ? payload : {};
  if (typeof cursor !== "string") throw new Error("a list of changes ended without a cursor");
  return cursor;
}
