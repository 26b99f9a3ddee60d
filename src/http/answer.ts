import type { Context } from "hono";
import type { App } from "../app/app.ts";
import { errorWire, toBdError } from "../app/error-wire.ts";
import type { Frame, Result } from "../app/frame.ts";
import { stringifyCompact } from "../core/json/go-json.ts";
import { BdError, Interruption } from "../errors.ts";
import type { Caller } from "../ops/caller.ts";
import { textStream } from "../tracker/text-stream.ts";
import { statusOf } from "./http-errors.ts";

/** What a request asks of the running bd. */
export interface Asked {
  readonly operation: string;
  readonly input: unknown;
}

/** What requests are answered by. */
export interface Service {
  readonly app: App;
  /** For whom the server acts. */
  readonly caller: Caller;
  /** Nothing new is begun: the server is told to end. */
  readonly leaving: AbortSignal;
  /** What runs is not waited for any more. */
  readonly ended: AbortSignal;
}

/** Who asks, and what ends their wish: whoever hangs up, and the end of the server. */
export interface Asker {
  readonly caller: Caller;
  readonly signals: readonly AbortSignal[];
}

/** The person of the server, as a request speaks for them. */
export function askerOf(c: Context, { caller, ended }: Service): Asker {
  const speaking = {
    ...caller,
    actor: word(c.req.header("x-bd-actor")) ?? caller.actor,
    session: word(c.req.header("x-bd-session")) ?? caller.session,
  };
  return { caller: speaking, signals: [c.req.raw.signal, ended] };
}

/** Headers hold bytes: what is more than ASCII comes percent-encoded. */
function word(header: string | undefined): string | undefined {
  if (header === undefined || header === "") return undefined;
  try {
    return decodeURIComponent(header);
  } catch {
    throw new BdError("usage", "BAD_INPUT", "X-Bd-Actor and X-Bd-Session are percent-encoded UTF-8");
  }
}

type ToldFrame = Exclude<Frame, { kind: "ask" | "error" | "result" }>;

/** Frames up to the result; nobody is there to be asked. Any of the signals interrupts it. Throws the error that ended them. */
export async function* framesFor(
  { app }: Pick<Service, "app">,
  { operation, input }: Asked,
  { caller, signals }: Asker,
): AsyncGenerator<ToldFrame, Result, void> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Interruption(new AbortController().signal));
  // Some of them live as long as the server: nothing may hang on them when this is over.
  for (const signal of signals) {
    if (signal.aborted) interrupt();
    else signal.addEventListener("abort", interrupt);
  }
  try {
    for await (const frame of app.call(operation, input, { caller, signal: interrupted.signal })) {
      if (frame.kind === "ask") frame.answer(undefined);
      else if (frame.kind === "error") throw frame.error;
      else if (frame.kind === "result") return frame.result;
      else yield frame;
    }
    throw new Error(`${operation} ended without a result`);
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", interrupt);
  }
}

/** Runs an operation for its result alone. Throws what it throws. */
export async function resultOf(c: Context, service: Service, asked: Asked): Promise<Result> {
  const frames = framesFor(service, asked, askerOf(c, service));
  for (;;) {
    const { done, value } = await frames.next();
    if (done === true) return value;
    if (value.kind === "chunk" || value.kind === "event") value.taken();
  }
}

/**
 * Any operation: its result in an envelope, or, where it gives a long text or events, those, piece by piece. Where some of
 * several things failed, the status is 207.
 */
export async function streamAnswer(c: Context, service: Service, asked: Asked): Promise<Response> {
  const frames = framesFor(service, asked, askerOf(c, service));
  const notes: string[] = [];
  for (;;) {
    const { done, value } = await frames.next();
    if (done === true) {
      const failures = value.failures.map(({ item, error }) => ({ item, ...errorWire.of(error) }));
      const told = { ...(failures.length > 0 && { failures }), ...(notes.length > 0 && { notes }) };
      return json(c, { data: value.payload(), ...told }, failures.length > 0 ? 207 : 200);
    }
    if (value.kind === "note") notes.push(value.text);
    if (value.kind === "chunk" || value.kind === "event") {
      return streamed(c, "application/x-ndjson; charset=utf-8", textsFrom(value, frames));
    }
  }
}

async function* textsFrom(
  first: ToldFrame,
  rest: AsyncGenerator<ToldFrame, Result, void>,
): AsyncGenerator<string, void, void> {
  yield* textsOf(first);
  for await (const frame of rest) yield* textsOf(frame);
}

function* textsOf(frame: ToldFrame): Generator<string, void, void> {
  if (frame.kind !== "chunk" && frame.kind !== "event") return;
  yield frame.kind === "chunk" ? frame.text : `${JSON.stringify(frame.event)}\n`;
  frame.taken();
}

/**
 * A response that is made while it is read. What fails in the middle breaks it off before its end, so that nobody takes a part
 * for the whole.
 */
export function streamed(c: Context, type: string, texts: AsyncGenerator<string, void, void>): Response {
  c.header("Content-Type", type);
  c.header("Cache-Control", "no-store");
  c.header("X-Accel-Buffering", "no");
  return c.body(textStream(texts));
}

export function json(c: Context, value: unknown, status: 200 | 201 | 207 = 200): Response {
  c.header("Cache-Control", "no-store");
  return c.body(`${stringifyCompact(value)}\n`, status, { "Content-Type": "application/json" });
}

/** The response to a request that failed. */
export function failed(c: Context, thrown: unknown): Response {
  const error = toBdError(thrown);
  const status = statusOf(error);
  if (status === 503) c.header("Retry-After", "1");
  if (status === 401) c.header("WWW-Authenticate", "Bearer");
  c.header("Cache-Control", "no-store");
  return c.body(`${stringifyCompact(errorWire.of(error))}\n`, status, { "Content-Type": "application/json" });
}
