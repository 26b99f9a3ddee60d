import type { App } from "../app/app.ts";
import { errorWire, toBdError } from "../app/error-wire.ts";
import type { Frame } from "../app/frame.ts";
import { Interruption } from "../errors.ts";
import type { Caller, Place } from "../ops/caller.ts";
import { operationForPrograms } from "../ops/index.ts";
import type { ProgramCaller } from "../rpc/protocol.ts";
import type { LineChannel } from "./run-line.ts";
import type { ProgramCall, Running } from "./serve-connection.ts";

/** Runs an operation for a program, who gets a frame for all that happens; the last is `result` or `error`. */
export function runCall(
  call: ProgramCall,
  { app, place }: { readonly app: App; readonly place: Place },
  channel: LineChannel,
): Running {
  const ended = new AbortController();
  const again = new AbortController();
  return {
    done: answer(call, { app, caller: callerFrom(place, call.caller), signal: ended.signal }, channel),
    cancel() {
      if (ended.signal.aborted) again.abort();
      ended.abort(new Interruption(again.signal));
    },
    stdin: () => {},
  };
}

/** The person of the daemon, as a program speaks for them: in the daemon's workspace, or where the program says. */
export function callerFrom(place: Place, caller: ProgramCaller): Caller {
  return {
    ...place,
    cwd: caller.cwd ?? place.cwd,
    readonly: caller.readonly ?? false,
    // Not the BEADS_DIR of the environment that the daemon was started in.
    directory: ".",
    database: undefined,
    actor: caller.actor,
    session: caller.session,
  };
}

interface Answering {
  readonly app: App;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** Throws nothing: what is wrong with one request ends that, and no other. */
async function answer(call: ProgramCall, answering: Answering, channel: LineChannel): Promise<void> {
  try {
    await give(call, answering, channel);
  } catch (error) {
    channel.send({ kind: "error", ...errorWire.of(toBdError(error)) });
  }
}

async function give({ op, input }: ProgramCall, { app, ...request }: Answering, channel: LineChannel): Promise<void> {
  const { name } = operationForPrograms(op);
  for await (const frame of app.call(name, input, request)) {
    if (frame.kind === "ask") frame.answer(undefined);
    channel.send(wireOf(frame));
    if (frame.kind !== "chunk" && frame.kind !== "event") continue;
    await channel.drained();
    frame.taken();
  }
}

/** What a frame is for a program: nobody is there to be asked. */
function wireOf(frame: Frame): object {
  if (frame.kind === "error") return { kind: "error", ...errorWire.of(toBdError(frame.error)) };
  if (frame.kind === "ask") return { kind: "ask", question: frame.question };
  if (frame.kind === "chunk") return { kind: "chunk", text: frame.text };
  if (frame.kind === "event") return { kind: "event", event: frame.event };
  if (frame.kind !== "result") return frame;
  const failures = frame.result.failures.map(({ item, error }) => ({ item, ...errorWire.of(error) }));
  return { kind: "result", payload: frame.result.payload(), failures };
}
