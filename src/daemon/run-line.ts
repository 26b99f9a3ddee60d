import type { App } from "../app/app.ts";
import { type LineHost, makeEnv, type ProcessFacts } from "../cli/env.ts";
import { EXIT_CODES } from "../cli/exit-code.ts";
import { runCli } from "../cli/run-cli.ts";
import type { OutputStream, Terminal } from "../cli/terminal.ts";
import type { Zone } from "../core/time/time-zone.ts";
import { zoneNamed } from "../core/time/time-zone.ts";
import { Interruption, interrupted } from "../errors.ts";
import type { Line, StreamFacts } from "../rpc/protocol.ts";
import type { Running } from "./serve-connection.ts";

/** What all lines have in common: the daemon's own process. */
export interface LineHouse {
  readonly app: App;
  readonly facts: Omit<ProcessFacts, "env" | "cwd" | "home" | "zone" | "signal" | "terminal" | "app">;
  /** What belongs to the caller, if they have shown that they know it. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly home: string;
  /** The zone of callers who name none. */
  readonly zone: Zone;
}

export interface LineChannel {
  send(frame: object): void;
  /** Sends, and resolves when the frame is on its way whatever becomes of this process. */
  sent(frame: object): Promise<void>;
  /** Resolves when there is room for more. */
  drained(): Promise<void>;
}

/** Runs a command line for a process elsewhere, as `main.ts` does for its own. */
export function runLine(line: Line, house: LineHouse, channel: LineChannel): Running {
  const ended = new AbortController();
  const again = new AbortController();
  const input = new AskedInput(() => channel.send({ stdin: true }));
  let isOver = false;
  const exit = (code: number) => {
    if (!isOver) channel.send({ exit: code });
    isOver = true;
  };
  const handBack = (why: string) => {
    if (!isOver) channel.send({ direct: why });
    isOver = true;
    return 0;
  };
  const host: LineHost = {
    handBack,
    async onCommitting({ operationId, since, isMarked }) {
      if (ended.signal.aborted) throw interrupted("interrupted; nothing was written");
      await channel.sent({ writing: { operationId, since, isMarked } });
    },
  };
  const terminal: Terminal = {
    stdout: output(line.terminal.stdout, (text) => channel.send({ out: text }), channel),
    stderr: output(line.terminal.stderr, (text) => channel.send({ err: text }), channel),
    stdinIsTerminal: line.terminal.stdin.isTerminal,
    stdinStream: () => input.pieces(ended.signal),
  };
  const { TZ: zoneName } = line.env;
  const zone = zoneName === undefined ? house.zone : zoneOrUndefined(zoneName);
  const cancel = () => {
    if (ended.signal.aborted) again.abort();
    ended.abort(new Interruption(again.signal));
  };
  const running = async () => {
    if (zone === undefined) return handBack("the daemon knows no such time zone");
    const env = makeEnv({
      ...house.facts,
      env: { ...line.env, ...house.secrets },
      cwd: line.cwd,
      home: line.env["HOME"] ?? house.home,
      zone,
      signal: ended.signal,
      terminal,
      app: house.app,
      host,
    });
    return runCli(line.argv, env);
  };
  return {
    // It throws nothing; if it ever does, that ends this line and no other.
    done: running().then(exit, () => exit(EXIT_CODES.internal)),
    cancel,
    stdin: (piece) => input.take(piece),
  };
}

function zoneOrUndefined(name: string): Zone | undefined {
  try {
    return zoneNamed(name);
  } catch {
    return undefined;
  }
}

function output(
  { isTerminal, columns }: StreamFacts,
  write: (text: string) => void,
  channel: LineChannel,
): OutputStream {
  const writePieces = (text: string) => {
    for (const piece of piecesOf(text)) write(piece);
  };
  return { write: writePieces, drained: () => channel.drained(), isTerminal, columns: columns ?? 80 };
}

/** UTF-16 units of a piece of output: whatever JSON makes of them, the line is far shorter than the longest. */
const LONGEST_PIECE = 1024 * 1024;

/** A text in pieces that go into a line each, none of which ends within a character. */
function* piecesOf(text: string): Generator<string, void, void> {
  let at = 0;
  while (text.length - at > LONGEST_PIECE) {
    let end = at + LONGEST_PIECE;
    if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    yield text.slice(at, end);
    at = end;
  }
  yield text.slice(at);
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;

/** Standard input that is elsewhere: a piece comes when it was asked for. */
class AskedInput {
  readonly #ask: () => void;
  #give: (piece: Uint8Array | null) => void = () => {};

  constructor(ask: () => void) {
    this.#ask = ask;
  }

  take(piece: Uint8Array | null): void {
    this.#give(piece);
  }

  async *pieces(signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      signal.throwIfAborted();
      const piece = await this.#next(signal);
      if (piece === null) return;
      yield piece;
    }
  }

  #next(signal: AbortSignal): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#give = (piece) => {
        signal.removeEventListener("abort", leave);
        resolve(piece);
      };
      this.#ask();
    });
  }
}
