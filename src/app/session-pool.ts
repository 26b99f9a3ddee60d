import type { Caller, ConnectionOptions, Lease, SharedConnection } from "../store/session-types.ts";

export interface SessionPool {
  /** A session on such a connection, for one user. It connects at its first query. */
  lease(options: ConnectionOptions, caller: Caller): Promise<Lease>;
  /** Takes a session back from its user: it is kept clean for the next one, or closed. */
  takeBack(lease: Lease): Promise<void>;
  /** Closes those that are kept, and from now on all that come back. */
  close(): void;
}

interface Owned {
  readonly key: string;
  readonly connection: SharedConnection;
}

/** A pool that keeps up to so many idle connections of each kind; with 0 every connection ends with its lease. */
export function sessionPool(idlePerKind: number): SessionPool {
  const idle = new Map<string, SharedConnection[]>();
  const owners = new WeakMap<Lease, Owned>();
  let isClosed = idlePerKind === 0;
  return {
    async lease(options, caller) {
      // Both take their time to load: the driver where there is no database, hashes where nothing is kept, need not.
      const { shareConnection } = await import("../store/session.ts");
      const key = isClosed ? "" : await kindOf(options);
      const connection = idle.get(key)?.pop() ?? shareConnection(options);
      const lease = connection.lease(caller);
      owners.set(lease, { key, connection });
      return lease;
    },
    async takeBack(lease) {
      const owner = owners.get(lease);
      if (owner === undefined || isClosed) return lease.close();
      const { key, connection } = owner;
      const isClean = await lease.release();
      const kept = idle.get(key) ?? [];
      if (!isClean || isClosed || kept.length >= idlePerKind) return connection.close();
      idle.set(key, [...kept, connection]);
    },
    close() {
      isClosed = true;
      for (const connection of [...idle.values()].flat()) connection.close();
      idle.clear();
    },
  };
}

/** All that makes two connections differ, with the password as nobody can read it. */
async function kindOf({ endpoint, database, projectId, retryMaxMs }: ConnectionOptions): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256")
    .update(JSON.stringify([endpoint, database, projectId, retryMaxMs]))
    .digest("hex");
}
