import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { listenOnLoopback } from "./listen-on-loopback.ts";

export interface CountingProxyOptions {
  readonly targetPort: number;
  readonly targetHost?: string;
  /** Added to every round trip, in ms: half of it on the way there, half on the way back. */
  readonly latencyMs?: number;
}

export interface WireCounts {
  readonly connections: number;
  /**
   * Network round trips as the client waits for them: the TCP connect, the server's greeting, and every flight of
   * client data after the server has spoken. A bare login is 3. The goodbye (COM_QUIT), which nobody waits for, is none.
   */
  readonly roundTrips: number;
}

export interface CountingProxy {
  readonly port: number;
  counts(): WireCounts;
  /** Starts counting from zero. Call it between two clients, not during one. */
  reset(): void;
  setLatency(latencyMs: number): void;
  close(): Promise<void>;
}

/** Delivers chunks in order, each `delayMs()` after it came in; an end of stream waits its turn like a chunk. */
function delayLine(deliver: (chunk: Buffer | undefined) => void, delayMs: () => number): (chunk?: Buffer) => void {
  const queue: { readonly due: number; readonly chunk: Buffer | undefined }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const drain = (): void => {
    timer = undefined;
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const wait = next.due - performance.now();
      if (wait > 0.5) {
        timer = setTimeout(drain, wait);
        return;
      }
      queue.shift();
      deliver(next.chunk);
    }
  };
  return (chunk) => {
    const delay = delayMs();
    if (delay === 0 && queue.length === 0) return deliver(chunk);
    queue.push({ due: performance.now() + delay, chunk });
    if (timer === undefined) drain();
    return undefined;
  };
}

/** COM_QUIT: length 1, sequence 0, command 1. */
const isGoodbye = (chunk: Buffer): boolean => chunk.length === 5 && chunk.readUInt32LE(0) === 1 && chunk[4] === 1;

/** A TCP proxy on a free port of 127.0.0.1 that counts what a MySQL client waits for and can make the way longer. */
export async function startCountingProxy(options: CountingProxyOptions): Promise<CountingProxy> {
  const { targetPort, targetHost = "127.0.0.1" } = options;
  let latencyMs = options.latencyMs ?? 0;
  let connections = 0;
  let roundTrips = 0;
  const sockets = new Set<Socket>();

  const bridge = (client: Socket): void => {
    connections += 1;
    roundTrips += 2; // the TCP connect and the greeting that follows it unasked
    const server = connect({ port: targetPort, host: targetHost, allowHalfOpen: true });
    let serverSpokeLast = true;
    const halfWay = (): number => latencyMs / 2;
    const toServer = delayLine((chunk) => (chunk === undefined ? server.end() : server.write(chunk)), halfWay);
    const toClient = delayLine((chunk) => (chunk === undefined ? client.end() : client.write(chunk)), halfWay);
    // The kernel accepts before we see the client, so its connect can't be delayed: the greeting makes up for it.
    let connectDebt = latencyMs * 1.5;
    const greetingLine = delayLine(toClient, () => connectDebt);

    client.setNoDelay(true);
    server.setNoDelay(true);
    client.on("data", (chunk) => {
      if (serverSpokeLast && !isGoodbye(chunk)) roundTrips += 1;
      serverSpokeLast = false;
      toServer(chunk);
    });
    server.on("data", (chunk) => {
      serverSpokeLast = true;
      greetingLine(chunk);
      connectDebt = 0;
    });
    client.on("end", () => toServer());
    server.on("end", () => greetingLine());
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
  };

  // Half-open, so that an end travels as slowly as the data before it.
  const listener = createServer({ allowHalfOpen: true }, bridge);
  const port = await listenOnLoopback(listener);
  return {
    port,
    counts: () => ({ connections, roundTrips }),
    reset: () => {
      connections = 0;
      roundTrips = 0;
    },
    setLatency: (value) => {
      latencyMs = value;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}
