import type { BdError } from "../../errors.ts";
import { backoffMs, QUIET_MS, type Timing } from "../../store/connection/pauses.ts";
import { credentialsMissing } from "./credentials-missing.ts";
import { classifyRemoteError, describeRemoteError } from "./remote-errors.ts";
import type { Way } from "./transport.ts";

/** Dolt itself tries for about six seconds before it says that nobody answers. */
const LIMIT_MS = 30_000;

export interface RetryPolicy {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** How long to go on after connection errors, at most half a minute. */
  readonly retryMaxMs: number;
  readonly note: (line: string) => void;
  /** Called every second while the remote takes its time, with the seconds so far. */
  readonly waiting: (seconds: number) => void;
}

/**
 * Runs one transfer. Connection errors are tried again, with growing pauses; whatever else the remote says is final,
 * a refused password above all. Throws BdError.
 */
export async function reaching<T>(way: Way, retry: RetryPolicy, work: () => Promise<T>): Promise<T> {
  const { timing, signal, note } = retry;
  const start = timing.now();
  const limit = Math.min(retry.retryMaxMs, LIMIT_MS);
  return whileWaiting(retry, async () => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const pause = backoffMs(attempt, timing.random);
        const isLate = timing.now() - start + pause > limit;
        if (isLate || classifyRemoteError(error) !== "unreachable") throw described(error, way);
        if (attempt === 0) note(`remote '${way.remote.name}' does not answer yet, still trying`);
        await timing.sleep(pause, signal);
      }
    }
  });
}

/** Runs work that may take its time, and says every second that it goes on. */
export async function whileWaiting<T>({ timing, waiting }: RetryPolicy, work: () => Promise<T>): Promise<T> {
  const start = timing.now();
  const ticker = setInterval(() => waiting(Math.round((timing.now() - start) / 1000)), QUIET_MS);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

function described(error: unknown, way: Way): BdError {
  const { remote, user, again } = way;
  return (
    credentialsMissing(classifyRemoteError(error), way) ??
    describeRemoteError(error, { name: remote.name, url: remote.url.text, needs: remote.url.needs, user, again })
  );
}
