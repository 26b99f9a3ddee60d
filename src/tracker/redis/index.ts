import { createClient } from "@redis/client";
import {
  type CreateOptions,
  createTracker as createAny,
  hostVariables,
  openedLater,
  restConnection,
  type StoreConnection,
  storeAddress,
  storeFailed,
  type Tracker,
  TrackerError,
} from "../index.ts";

const CONNECT_MS = 5000;

/** A store that is reached over TCP, with or without TLS: `redis://`, `rediss://`, `redis+unix:///path`. It connects when it is first asked. */
export function redisConnection(url: string): StoreConnection {
  const unix = /^(?:redis\+)?unix:\/\/(.+)$/.exec(url)?.[1];
  const options = { commandsQueueMaxLength: 10_000, disableOfflineQueue: false } as const;
  const client = createClient(
    unix === undefined
      ? {
          ...options,
          url,
          socket: { connectTimeout: CONNECT_MS, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, 2000) },
        }
      : { ...options, socket: { path: unix, tls: false } },
  );
  // Its words are for who waits for an answer.
  client.on("error", () => {});
  let ready: Promise<void> | undefined;
  const connect = async () => {
    await client.connect();
    const mode = await client.sendCommand(["INFO", "server"]);
    if (/redis_mode:cluster/.test(String(mode))) {
      throw new TrackerError(503, "Redis Cluster is not supported: a change needs all its keys in one place");
    }
  };
  return {
    isReadOnly: false,
    async send(command) {
      try {
        ready ??= connect();
        await ready;
        return await client.sendCommand([...command]);
      } catch (cause) {
        if (!client.isOpen) ready = undefined;
        throw cause instanceof TrackerError ? cause : storeFailed(cause);
      }
    },
    async close() {
      if (client.isOpen) client.destroy();
    },
  };
}

/** As that of `beads/tracker`, for stores over TCP, too. */
export function createTracker({ env = hostVariables(), ...options }: CreateOptions = {}): Tracker {
  const open = () => {
    const address = storeAddress(env);
    return address.kind === "rest" ? restConnection(address.rest) : redisConnection(address.url);
  };
  return createAny({ ...options, connection: options.connection ?? openedLater(open) });
}
