import type { Timing } from "../store/connection/pauses.ts";

export interface DebounceOptions {
  /** How long it must be quiet, in milliseconds. */
  readonly quietMs: number;
  /** How long the first of many may wait. */
  readonly ceilingMs: number;
  readonly timing: Timing;
  /** What is done about so many that came together. */
  readonly act: (count: number) => void;
}

export interface Debounced {
  /** One more. */
  add(): void;
  /** Acts at once on what waits, and takes no more. Gives how many that were. */
  flush(): number;
}

/** Gathers what comes in bursts: acts when it has been quiet for a while, or the first has waited for long enough. */
export function debounce({ quietMs, ceilingMs, timing, act }: DebounceOptions): Debounced {
  let count = 0;
  let firstAt = 0;
  let timer: AbortController | undefined;
  const fire = () => {
    const gathered = count;
    count = 0;
    if (gathered > 0) act(gathered);
    return gathered;
  };
  return {
    add() {
      const now = timing.now();
      if (count === 0) firstAt = now;
      count += 1;
      timer?.abort();
      timer = new AbortController();
      const wait = Math.max(0, Math.min(quietMs, firstAt + ceilingMs - now));
      timing.sleep(wait, timer.signal).then(fire, () => {});
    },
    flush() {
      timer?.abort();
      return fire();
    },
  };
}
