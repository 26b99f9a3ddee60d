import type { Session } from "../store/session-types.ts";
import { isEmptyBeginning } from "./compare.ts";
import { type RetryPolicy, reaching } from "./remote/reach.ts";
import type { Transport } from "./remote/transport.ts";

export interface Fetched {
  /** The ref of our database that holds the remote's branch now: `origin/main`. */
  readonly trackingRef: string;
  /** Its newest commit; undefined where nothing was ever pushed there. */
  readonly hash: string | undefined;
  /** What is there instead, where somebody made an empty database for us: the first push takes its place. */
  readonly beginning: string | undefined;
}

/** Brings what the remote has into our database, beside our branch. Throws BdError. */
export async function fetchRemote({
  session,
  transport,
  retry,
}: {
  readonly session: Session;
  readonly transport: Transport;
  readonly retry: RetryPolicy;
}): Promise<Fetched> {
  const { trackingRef } = transport;
  const hash = await reaching(transport, retry, () => transport.fetch());
  if (hash === undefined) return { trackingRef, hash, beginning: undefined };
  const isEmpty = await session.read((reader) => isEmptyBeginning(reader, hash));
  return isEmpty ? { trackingRef, hash: undefined, beginning: hash } : { trackingRef, hash, beginning: undefined };
}
