import type { App } from "../app/app.ts";
import { toBdError } from "../app/error-wire.ts";
import type { Caller } from "../ops/caller.ts";

/** The pause before the next try where nothing can be mirrored: nobody has set it up yet, say. */
const PAUSE_MS = 10_000;

interface TrackerFacts {
  readonly app: App;
  readonly caller: Caller;
  readonly say: (line: string) => void;
}

/** The last thing that the mirror said. */
export interface Mirrored {
  readonly at: Date;
  readonly line: string;
  readonly isTrouble: boolean;
}

/** Mirrors the task store (`tracker.mirror`) as long as the daemon runs. Commands don't wait for it. */
export class TrackerSide {
  readonly #facts: TrackerFacts;
  readonly #leaving = new AbortController();
  #running: Promise<void> | undefined;
  last: Mirrored | undefined;

  constructor(facts: TrackerFacts) {
    this.#facts = facts;
  }

  begin(): void {
    this.#running = this.#mirror();
  }

  /** Ends, with the batch that is brought over now. */
  async end(): Promise<void> {
    this.#leaving.abort();
    await this.#running;
  }

  async #mirror(): Promise<void> {
    const { app, caller } = this.#facts;
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      for await (const frame of app.call("tracker.sync", { watch: true }, { caller, signal })) {
        if (frame.kind === "ask") frame.answer(undefined);
        if (frame.kind === "note") this.#hear(frame.text, false);
        if (frame.kind === "error" && !signal.aborted) this.#hear(toBdError(frame.error).message, true);
      }
      await app.machine.timing.sleep(PAUSE_MS, signal).catch(() => {});
    }
  }

  /** What is said again and again is said once. */
  #hear(line: string, isTrouble: boolean): void {
    if (!isTrouble || this.last?.line !== line) this.#facts.say(line);
    this.last = { at: this.#facts.app.machine.clock(), line, isTrouble };
  }
}
