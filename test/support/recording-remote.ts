import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { listenOnLoopback } from "./listen-on-loopback.ts";

/** A remote that lets nobody in, and writes down who came. */
export interface RecordingRemote {
  readonly port: number;
  /** The logins that arrived, as `USER:PASSWORD`; what came without one is `nobody`. */
  readonly logins: Set<string>;
  /** How many connections there were. */
  connections(): number;
  close(): Promise<void>;
}

/**
 * Speaks as much of Dolt's protocol as a refusal takes: gRPC over plain HTTP/2.
 *
 * @param redirectTo where everybody is sent instead
 */
export async function startRecordingRemote(redirectTo?: string): Promise<RecordingRemote> {
  const sockets = new Set<Socket>();
  const logins = new Set<string>();
  let connections = 0;
  const answer = (stream: ServerHttp2Stream): void => {
    stream.on("error", () => undefined);
    const refusal = { ":status": 200, "content-type": "application/grpc", "grpc-status": "16", "grpc-message": "no" };
    stream.respond(redirectTo === undefined ? refusal : { ":status": 307, location: redirectTo }, { endStream: true });
  };
  const server = createServer();
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    logins.add(loginIn(headers.authorization));
    answer(stream);
  });
  return {
    port: await listenOnLoopback(server),
    logins,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function loginIn(header: string | undefined): string {
  if (header === undefined) return "nobody";
  const basic = /^Basic (.*)$/.exec(header)?.[1];
  return basic === undefined ? header : Buffer.from(basic, "base64").toString("utf8");
}
