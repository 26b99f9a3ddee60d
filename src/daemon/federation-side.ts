import type { App } from "../app/app.ts";
import { toBdError } from "../app/error-wire.ts";
import type { BdError } from "../errors.ts";
import type { Caller } from "../ops/caller.ts";
import { type Debounced, debounce } from "./debounce.ts";

/** How long changes must be quiet before they are pushed, and how long the first of many waits at most. */
const QUIET_MS = 5000;
const CEILING_MS = 60_000;

/** Somebody else may push between our pull and our push: the pause before the next try, and how often it is tried. */
const RACE_PAUSE_MS = 2000;
const MOST_RACES = 5;

/** The pause after a round that failed: it doubles with each. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;

interface FederationFacts {
  readonly app: App;
  readonly caller: Caller;
  /** Time between two rounds when nothing changes here. */
  readonly intervalMs: number;
  readonly onTrouble: (why: string) => void;
}

/** What became of the last round. */
export interface Round {
  readonly at: Date;
  readonly error: BdError | undefined;
}

/**
 * Keeps the workspace and its remote equal (`federation.auto`): a round pulls, and then pushes. One comes at the beginning,
 * when changes have been quiet for a while, and at intervals. Commands don't wait for it.
 */
export class FederationSide {
  readonly #facts: FederationFacts;
  readonly #changes: Debounced;
  readonly #leaving = new AbortController();
  #running: Promise<void> | undefined;
  #failures = 0;
  #wake = () => {};
  last: Round | undefined;

  constructor(facts: FederationFacts) {
    this.#facts = facts;
    const { timing } = facts.app.machine;
    this.#changes = debounce({ quietMs: QUIET_MS, ceilingMs: CEILING_MS, timing, act: () => this.#wake() });
  }

  begin(): void {
    this.#running = this.#rounds();
  }

  /** The tracker has changed. */
  mutated(): void {
    this.#changes.add();
  }

  /** Ends, with the round that runs. What was not pushed goes with the first round of the next daemon. */
  async end(): Promise<void> {
    this.#leaving.abort();
    await this.#running;
  }

  async #rounds(): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      await this.#round();
      await this.#untilNext().catch(() => {});
    }
  }

  async #round(): Promise<void> {
    const { app, onTrouble } = this.#facts;
    const error = await this.#pullAndPush();
    if (this.#leaving.signal.aborted) return;
    if (error !== undefined && error.message !== this.last?.error?.message) onTrouble(error.message);
    this.#failures = error === undefined ? 0 : this.#failures + 1;
    this.last = { at: app.machine.clock(), error };
  }

  async #pullAndPush(): Promise<BdError | undefined> {
    const { timing } = this.#facts.app.machine;
    for (let race = 0; ; race += 1) {
      const error =
        (await this.#run("dolt.pull", { dry_run: false })) ??
        (await this.#run("dolt.push", { force: false, dry_run: false, yes: false }));
      if (error?.code !== "REMOTE_AHEAD" || race === MOST_RACES) return error;
      await timing.sleep(timing.random() * RACE_PAUSE_MS, this.#leaving.signal).catch(() => {});
    }
  }

  async #run(operation: string, input: object): Promise<BdError | undefined> {
    const { app, caller } = this.#facts;
    for await (const frame of app.call(operation, input, { caller, signal: this.#leaving.signal })) {
      if (frame.kind === "ask") frame.answer(undefined);
      if (frame.kind === "error") return toBdError(frame.error);
    }
    return undefined;
  }

  /** After a failure, changes don't shorten the wait: a remote that is away stays away. */
  async #untilNext(): Promise<void> {
    const { timing } = this.#facts.app.machine;
    const { signal } = this.#leaving;
    if (this.#failures > 0) return timing.sleep(pauseMs(this.#failures, timing.random()), signal);
    const changed = new AbortController();
    this.#wake = () => changed.abort();
    await timing.sleep(this.#facts.intervalMs, AbortSignal.any([signal, changed.signal]));
  }
}

/** Between a half and the whole of 30 s, a minute, two … at most an hour: many machines don't come at once. */
function pauseMs(failures: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.5 + random / 2);
}
