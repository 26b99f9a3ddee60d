import type { Socket } from "node:net";
import { lineReader } from "./line-reader.ts";
import type { Greeting } from "./protocol.ts";
import { connectTo, isOwnSocket } from "./socket-path.ts";

/** How long a daemon may take to say that it is there, before it is called silent. */
const GREETING_MS = 2000;
/** How long it may take to answer: what runs may end before it ends itself. */
const ANSWER_MS = 20_000;

/** Who is behind the socket of a `.beads` folder: a daemon, one that says nothing, or nobody. */
export async function greet(beadsDir: string): Promise<Greeting | "silent" | "nobody"> {
  const conversation = await connectDaemon(beadsDir);
  if (typeof conversation === "string") return conversation;
  conversation.close();
  return conversation.greeting;
}

/** A connection to a daemon that has said who it is. */
export interface Conversation {
  readonly greeting: Greeting;
  send(frame: object): void;
  /** The daemon's next frame; undefined when it has ended, or says nothing for too long. */
  next(): Promise<Readonly<Record<string, unknown>> | undefined>;
  close(): void;
}

/** Connects to the daemon of a `.beads` folder. The end of the signal ends it. */
export async function connectDaemon(
  beadsDir: string,
  { signal, answerMs = ANSWER_MS }: { readonly signal?: AbortSignal; readonly answerMs?: number } = {},
): Promise<Conversation | "silent" | "nobody"> {
  if (!isOwnSocket(beadsDir)) return "silent";
  const socket = connectTo(beadsDir);
  const hangUp = () => socket.destroy();
  signal?.addEventListener("abort", hangUp, { once: true });
  socket.once("close", () => signal?.removeEventListener("abort", hangUp));
  const frames = framesOf(socket);
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("close", () => resolve(false));
  });
  if (!isConnected) return "nobody";
  const within = async (ms: number) => {
    const timer = setTimeout(hangUp, ms);
    const frame = await frames.next();
    clearTimeout(timer);
    return frame;
  };
  const first = await within(GREETING_MS);
  if (first === undefined) return "silent";
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever speaks on our own socket in our own folder is ours
    greeting: first as unknown as Greeting,
    send: (frame) => void socket.write(`${JSON.stringify(frame)}\n`),
    next: () => within(answerMs),
    close: hangUp,
  };
}

function framesOf(socket: Socket): Pick<Conversation, "next"> {
  const waiting: Readonly<Record<string, unknown>>[] = [];
  const state = { isOver: false };
  let wake = () => {};
  const over = () => {
    state.isOver = true;
    wake();
  };
  const read = lineReader((line) => {
    waiting.push(JSON.parse(line));
    wake();
  });
  socket.on("data", (chunk: Uint8Array) => {
    try {
      read(chunk);
    } catch {
      socket.destroy(); // nobody's daemon
    }
  });
  socket.on("error", over);
  socket.on("close", over);
  return {
    async next() {
      while (waiting.length === 0 && !state.isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift();
    },
  };
}
