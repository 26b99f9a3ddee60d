import type { Socket } from "node:net";
import { lineReader } from "../rpc/line-reader.ts";
import type { Greeting, Line, ProgramCaller } from "../rpc/protocol.ts";
import { ClientFrame } from "./client-frame.ts";
import type { LineChannel } from "./run-line.ts";

/** A request while it runs. */
export interface Running {
  /** Resolves when it is over, whatever became of it. */
  readonly done: Promise<void>;
  /** Ctrl-C: the first ends it in order. */
  cancel(): void;
  /** A piece of standard input, null for its end. */
  stdin(piece: Uint8Array | null): void;
}

export interface ProgramCall {
  readonly op: string;
  readonly input: unknown;
  readonly caller: ProgramCaller;
}

/** What a daemon does for its clients. */
export interface Service {
  readonly greeting: Greeting;
  line(line: Line, channel: LineChannel): Running;
  call(call: ProgramCall, channel: LineChannel): Running;
}

/**
 * Serves one client until it leaves, any number of requests side by side. What is no frame ends the connection; a client
 * that leaves interrupts what it asked for.
 */
export function serveConnection(socket: Socket, service: Service): void {
  const running = new Map<number, Running>();
  const send = (frame: object, done?: () => void) => {
    if (socket.writable) socket.write(`${JSON.stringify(frame)}\n`, done);
    else done?.();
  };
  const drained = drainOf(socket);
  const begin = (id: number, start: (channel: LineChannel) => Running) => {
    if (running.has(id)) throw new Error(`request ${id} runs already`);
    const request = start({
      send: (frame) => send({ id, ...frame }),
      sent: (frame) => new Promise((resolve) => send({ id, ...frame }, resolve)),
      drained,
    });
    running.set(id, request);
    void request.done.then(() => running.delete(id));
  };
  const hear = (frame: ClientFrame) => {
    if ("line" in frame) return begin(frame.id, (channel) => service.line(frame.line, channel));
    if ("op" in frame) {
      const { op, input = {}, caller = {} } = frame;
      return begin(frame.id, (channel) => service.call({ op, input, caller }, channel));
    }
    const request = running.get(frame.id);
    if (request === undefined) return undefined; // it has just ended
    if ("cancel" in frame) return request.cancel();
    return request.stdin(frame.stdin === null ? null : Buffer.from(frame.stdin, "base64"));
  };
  const read = lineReader((line) => hear(ClientFrame.parse(JSON.parse(line))));
  socket.on("data", (chunk) => {
    try {
      read(chunk);
    } catch (error) {
      const reason = error instanceof RangeError || error instanceof SyntaxError ? error.message : "this is no frame";
      send({ error: reason, code: "BAD_FRAME" }, () => socket.destroy());
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    for (const request of running.values()) request.cancel();
  });
  send(service.greeting);
}

/** Waits until a socket has room, or is closed; all who wait at once wait together. */
function drainOf(socket: Socket): () => Promise<void> {
  let waiting: Promise<void> | undefined;
  return async () => {
    if (!socket.writableNeedDrain || socket.destroyed) return;
    waiting ??= new Promise((resolve) => {
      const go = () => {
        socket.off("drain", go);
        socket.off("close", go);
        waiting = undefined;
        resolve();
      };
      socket.on("drain", go);
      socket.on("close", go);
    });
    await waiting;
  };
}
