import type { Timing } from "../store/connection/pauses.ts";

/** Tells those who wait for changes that one was made. */
export interface News {
  /** A change was made, or somebody says so. */
  tell(): void;
  /** Those who wait are to look, although nothing was changed here. */
  wake(): void;
  /** Resolves at the next change, or after so many milliseconds. Throws the reason of an aborted signal. */
  until(ms: number, timing: Timing, signal: AbortSignal): Promise<void>;
}

export function openNews(onTold: () => void = () => {}): News {
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const go of waiting) go();
  };
  return {
    tell() {
      onTold();
      wake();
    },
    wake,
    async until(ms, timing, signal) {
      signal.throwIfAborted();
      const woken = new AbortController();
      const go = () => woken.abort(signal.reason);
      waiting.add(go);
      signal.addEventListener("abort", go, { once: true });
      try {
        await timing.sleep(ms, woken.signal);
      } catch (error) {
        if (signal.aborted || !woken.signal.aborted) throw error;
      } finally {
        waiting.delete(go);
        signal.removeEventListener("abort", go);
      }
    },
  };
}
