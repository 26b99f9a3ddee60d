/** Time and chance, injected: tests set them, the process gives the real ones. */
export interface Timing {
  /** Milliseconds, monotonic enough to measure waits. */
  readonly now: () => number;
  /** Resolves after that many milliseconds, or rejects with the signal's reason. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * Exponential backoff with full jitter: a random part of 100 ms, 200 ms, 400 ms … at most 2 s, because a server that was
 * restarted answers within a second.
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(2000, 100 * 2 ** attempt);
}

/** The pause after a serialization failure: 10 to 500 ms, growing, jittered. */
export function racePauseMs(attempt: number, random: () => number): number {
  return 10 + random() * Math.min(490, 20 * 2 ** attempt);
}

/** How often a lost race is run again. */
export const MAX_RACES = 8;
/** How often a change is run again that Dolt merged into a violated constraint. */
export const MAX_MERGES = 1;
/** Covers a restart by a service manager. */
export const REFUSED_LIMIT_MS = 10_000;
/** After this long a waiting command says what it waits for. */
export const QUIET_MS = 1000;
