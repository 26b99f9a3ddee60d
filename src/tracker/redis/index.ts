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
/** A server that is away for longer than this, in all pauses together, is said to be. */
const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 50;
/** So long an answer may take; scripts of ours take a millisecond. */
const ANSWER_MS = 10_000;

function pauseBefore(tries: number): number | Error {
  return tries < MOST_TRIES ? FIRST_PAUSE_MS * 2 ** tries : new Error("the server is away");
}

/** A store that is reached over TCP, with or without TLS: `redis://`, `rediss://`, `redis+unix:///path`. It connects when it is first asked. */
export function redisConnection(url: string): StoreConnection {
  const unix = /^(?:redis\+)?unix:\/\/(.+)$/.exec(url)?.[1];
  // Lists alone: the newer form of answers has objects, too, which REST has not.
  const options = { RESP: 2, commandsQueueMaxLength: 10_000, disableOfflineQueue: false } as const;
  const socket = { connectTimeout: CONNECT_MS, reconnectStrategy: pauseBefore } as const;
  const client = createClient(
    unix === undefined ? { ...options, url, socket } : { ...options, socket: { ...socket, path: unix, tls: false } },
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
        return await answered(client.sendCommand([...command]));
      } catch (cause) {
        if (cause === NO_ANSWER && client.isOpen) client.destroy();
        if (!client.isOpen) ready = undefined;
        throw cause instanceof TrackerError ? cause : storeFailed(cause);
      }
    },
    async close() {
      if (client.isOpen) client.destroy();
    },
  };
}

const NO_ANSWER = new Error("the server did not answer");

/** Throws NO_ANSWER where it takes too long. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => (timer = setTimeout(() => reject(NO_ANSWER), ANSWER_MS)));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** As that of `beads/tracker`, for stores over TCP, too. */
export function createTracker({ env = hostVariables(), ...options }: CreateOptions = {}): Tracker {
  const open = () => {
    const address = storeAddress(env);
    return address.kind === "rest" ? restConnection(address.rest) : redisConnection(address.url);
  };
  return createAny({ ...options, env, connection: options.connection ?? openedLater(open) });
}
