import type { Caller, ConnectionOptions, Lease, SharedConnection } from "../store/session-types.ts";

export interface SessionPool {
  /** A session on such a connection, for one user. It connects at its first query. */
  lease(options: ConnectionOptions, caller: Caller): Promise<Lease>;
  /** Takes a session back from its user, who need not wait until it is clean for the next one, or closed. */
  takeBack(lease: Lease): void;
  /** Closes those that are kept, and from now on all that come back. */
  close(): void;
}

interface Owned {
  readonly key: string;
  readonly connection: SharedConnection;
}

/**
 * A pool that keeps up to so many idle connections of each kind; with 0 every connection ends with its lease. One that is
 * on its way back is waited for: that is sooner than to connect.
 */
export function sessionPool(idlePerKind: number): SessionPool {
  const idle = new Map<string, Promise<SharedConnection | undefined>[]>();
  const owners = new WeakMap<Lease, Owned>();
  let isClosed = idlePerKind === 0;
  const kept = (key: string) => idle.get(key) ?? [];
  return {
    async lease(options, caller) {
      // Both take their time to load: the driver where there is no database, hashes where nothing is kept, need not.
      const { shareConnection } = await import("../store/session.ts");
      const key = isClosed ? "" : await kindOf(options);
      let connection: SharedConnection | undefined;
      while (connection === undefined && kept(key).length > 0) connection = await kept(key).shift();
      connection ??= shareConnection(options);
      const lease = connection.lease(caller);
      owners.set(lease, { key, connection });
      return lease;
    },
    takeBack(lease) {
      const owner = owners.get(lease);
      if (owner === undefined || isClosed) return lease.close();
      const { key, connection } = owner;
      if (kept(key).length >= idlePerKind) return connection.close();
      const clean = lease.release().then((isClean) => {
        if (isClean && !isClosed) return connection;
        connection.close();
        return undefined;
      });
      idle.set(key, [...kept(key), clean]);
    },
    close() {
      isClosed = true;
      for (const connection of [...idle.values()].flat()) void connection.then((back) => back?.close());
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
