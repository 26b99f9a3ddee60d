import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { listenOnLoopback } from "./listen-on-loopback.ts";

export interface Wire {
  /** Ends the client's connection at once; what it sent still reaches the server, which is left when it has answered. */
  cutClient(): void;
  /** Keeps the connection open, but from now on nothing that the server says on it reaches the client. */
  deafenClient(): void;
  /** What the client hears from now on, in place of the server: of a server that has acted, or of one that never heard it. */
  answer(say: (client: Socket) => void, options: { readonly serverActs: boolean }): void;
}

/** Sees each flight of client data as text; the flight goes on to the server when the script is done with it. */
export type Script = (flight: string, wire: Wire) => Promise<void> | void;

export interface ScriptedProxy {
  readonly port: number;
  /** What happens from now on. */
  follow(script: Script): void;
  close(): Promise<void>;
}

/** A TCP proxy on a free port of 127.0.0.1 where a test decides what happens between a client's words and the server. */
export async function startScriptedProxy(targetPort: number, script: Script = () => {}): Promise<ScriptedProxy> {
  let current = script;
  const sockets = new Set<Socket>();

  const bridge = (client: Socket): void => {
    const server = connect({ port: targetPort, host: "127.0.0.1" });
    let forwarding = Promise.resolve();
    let isCut = false;
    let isDeaf = false;
    let isMute = false;
    let say: ((client: Socket) => void) | undefined;
    const deafenClient = (): void => {
      isDeaf = true;
    };
    const cutClient = (): void => {
      isCut = true;
      client.destroy();
    };
    const answer: Wire["answer"] = (speak, { serverActs }) => {
      isDeaf = true;
      isMute = !serverActs;
      if (serverActs) say = speak;
      else speak(client);
    };
    client.on("data", (chunk) => {
      forwarding = forwarding
        .then(() => current(chunk.toString("latin1"), { cutClient, deafenClient, answer }))
        .then(() => void (isMute || server.write(chunk)));
    });
    server.on("data", (chunk) => {
      say?.(client);
      say = undefined;
      if (isCut) server.destroy();
      else if (!isDeaf) client.write(chunk);
    });
    client.on("close", () => {
      if (!isCut) server.destroy();
    });
    server.on("close", () => client.destroy());
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
  };

  const listener = createServer(bridge);
  const port = await listenOnLoopback(listener);
  return {
    port,
    follow: (next) => {
      current = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}
