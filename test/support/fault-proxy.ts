import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { listenOnLoopback } from "./listen-on-loopback.ts";

export interface Fault {
  /** The fault strikes when a flight of client data contains this text, for example `DOLT_COMMIT`. */
  readonly whenClientSends: string;
  /**
   * `before-forwarding`: the server never sees the whole packet. `before-answer`: the server has answered, so it has
   * acted, and the client never hears of it.
   */
  readonly cut: "before-forwarding" | "before-answer";
  /** How many times it strikes before the proxy is harmless again; 1 unless told. */
  readonly times?: number;
}

export interface FaultProxy {
  readonly port: number;
  /** How often the connection was cut so far. */
  cuts(): number;
  /** Puts another fault in place, or none. */
  arm(fault: Fault | undefined): void;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  readonly targetPort: number;
  readonly targetHost?: string;
  readonly fault?: Fault;
}

/** A TCP proxy on a free port of 127.0.0.1 that cuts the connection at a chosen moment of the conversation. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { targetPort, targetHost = "127.0.0.1" } = options;
  let fault = options.fault;
  let strikesLeft = fault?.times ?? 1;
  let cuts = 0;
  const sockets = new Set<Socket>();

  const bridge = (client: Socket): void => {
    const server = connect({ port: targetPort, host: targetHost });
    // A packet may come in pieces: what counts is all that the client said since the server last spoke.
    let flight = "";
    let cutAtAnswer = false;
    const cut = (): void => {
      cuts += 1;
      client.destroy();
      server.destroy();
    };
    client.on("data", (chunk) => {
      flight += chunk.toString("latin1");
      if (!cutAtAnswer && fault !== undefined && strikesLeft > 0 && flight.includes(fault.whenClientSends)) {
        strikesLeft -= 1;
        if (fault.cut === "before-forwarding") return cut();
        cutAtAnswer = true;
      }
      server.write(chunk);
      return undefined;
    });
    server.on("data", (chunk) => {
      flight = "";
      if (cutAtAnswer) cut();
      else client.write(chunk);
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("end", () => other.end());
      socket.on("error", () => other.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
  };

  const listener = createServer({ allowHalfOpen: true }, bridge);
  const port = await listenOnLoopback(listener);
  return {
    port,
    cuts: () => cuts,
    arm: (next) => {
      fault = next;
      strikesLeft = next?.times ?? 1;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}
