import type { ServerEnvironment } from "./server-environment.ts";

const INTERVAL_MS = 20_000;

/** Says every 20 seconds that `what` still goes on, until the work ends. */
export async function sayStillWorking<T>(
  environment: Pick<ServerEnvironment, "say">,
  what: string,
  work: Promise<T>,
  intervalMs = INTERVAL_MS,
): Promise<T> {
  let elapsedMs = 0;
  const timer = setInterval(() => {
    elapsedMs += intervalMs;
    environment.say(`Still ${what} (${Math.round(elapsedMs / 1000)} s)`);
  }, intervalMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
