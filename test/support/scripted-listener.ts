import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { listenOnLoopback } from "./listen-on-loopback.ts";

export interface ScriptedListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1 and sends `greeting` to everybody; nothing when it is undefined. */
export async function listen(greeting: Uint8Array | string | undefined): Promise<ScriptedListener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined); // whoever hangs up early is no failure here
    if (greeting !== undefined) socket.write(greeting);
  });
  return {
    port: await listenOnLoopback(server),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** The first packet of a MySQL server of that version. */
export function mysqlGreeting(version: string): Buffer {
  const rest = Buffer.from(`\0\x01\0\0\0saltsalt\0${"\0".repeat(40)}`, "latin1");
  return mysqlPacket(Buffer.concat([Buffer.of(0x0a), Buffer.from(version, "latin1"), rest]));
}

export function mysqlPacket(payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([header, payload]);
}
