import { BdError } from "../../errors.ts";
import {
  classifyDriverError,
  type DriverErrorClass,
  isConnectionClass,
  isDriverError,
} from "../connection/classify-driver-error.ts";
import type { Link } from "../connection/link.ts";
import { MAX_MERGES, MAX_RACES, racePauseMs } from "../connection/pauses.ts";

/** Runs `work` again where that is safe: nothing of it was committed. What can't be repeated becomes a BdError. */
export async function repeating<T>(link: Link, work: () => Promise<T>): Promise<T> {
  const seen: Failures = { races: 0, merges: 0, losses: 0 };
  for (;;) {
    try {
      return await work();
    } catch (error) {
      link.drop();
      if (error instanceof BdError || link.options.signal.aborted) throw link.toBdError(error);
      if (!isDriverError(error)) throw error;
      link.troubled();
      if (!mayRepeat(classifyDriverError(error), seen, link.remainingMs())) throw await link.explain(error);
      await pause(link, seen);
    }
  }
}

/** How often one operation failed so far, and on what. */
interface Failures {
  races: number;
  merges: number;
  losses: number;
}

/** Counts the failure; whether the operation may be run again after it. */
function mayRepeat(kind: DriverErrorClass, seen: Failures, remainingMs: number): boolean {
  if (kind === "serialization") return (seen.races += 1) <= MAX_RACES;
  if (kind === "constraint-after-merge") return (seen.merges += 1) <= MAX_MERGES;
  return isConnectionClass(kind) && (seen.losses += 1) > 0 && remainingMs > 0;
}

async function pause(link: Link, { races, merges, losses }: Failures): Promise<void> {
  const { timing } = link.options;
  try {
    await link.sleep(racePauseMs(races + merges + losses, timing.random));
  } catch (error) {
    throw link.toBdError(error);
  }
}
