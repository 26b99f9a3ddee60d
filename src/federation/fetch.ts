import { type Patience, reaching } from "./reach.ts";
import type { Transport } from "./transport.ts";

export interface Fetched {
  /** The ref of our database that holds the remote's branch now: `origin/main`. */
  readonly trackingRef: string;
  /** Its newest commit; undefined where nothing was ever pushed there. */
  readonly hash: string | undefined;
}

/** Brings what the remote has into our database, beside our branch. Throws BdError. */
export async function fetchRemote(transport: Transport, patience: Patience): Promise<Fetched> {
  const hash = await reaching(transport, patience, () => transport.fetch());
  return { trackingRef: transport.trackingRef, hash };
}
