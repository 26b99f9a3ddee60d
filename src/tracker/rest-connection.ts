import { Redis } from "@upstash/redis";
import type { StoreConnection } from "./store-connection.ts";
import { TrackerError } from "./tracker-error.ts";

export interface RestAddress {
  readonly url: string;
  readonly token: string;
  /** Whether the token is for reading alone. */
  readonly isReadOnly?: boolean;
}

/** A store that is reached over HTTP, as from serverless functions. Texts come back as they were stored. */
export function restConnection({ url, token, isReadOnly = false }: RestAddress): StoreConnection {
  const redis = new Redis({
    url,
    token,
    automaticDeserialization: false,
    enableAutoPipelining: false,
    responseEncoding: false,
    enableTelemetry: false,
  });
  return {
    isReadOnly,
    async send([name = "", ...args]) {
      try {
        return await redis.exec([name, ...args]);
      } catch (cause) {
        throw storeFailed(cause);
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Words of a store may hold its address and what was asked: what went wrong is said in ours. */
export function storeFailed(cause: unknown): TrackerError {
  const words = cause instanceof Error ? `${cause.name} ${cause.message} ${codeOf(cause)}` : "";
  if (/CROSSSLOT|MOVED \d|cluster/i.test(words)) {
    return new TrackerError(503, "Redis Cluster is not supported: a change needs all its keys in one place", { cause });
  }
  if (/WRONGPASS|NOAUTH|Unauthorized|NOPERM/i.test(words)) {
    return new TrackerError(500, "The task store refused the login", { cause });
  }
  if (AWAY.test(words)) {
    return new TrackerError(500, "The task store can't be reached", { cause });
  }
  return new TrackerError(500, "The task store did not answer as it should", { cause });
}

const AWAY =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|timeout|fetch failed|is away|socket|closed/i;

function codeOf(cause: Error): string {
  return "code" in cause ? String(cause.code) : "";
}
