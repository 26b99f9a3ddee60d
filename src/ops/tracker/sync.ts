import * as z from "zod/mini";
import { BdError } from "../../errors.ts";
import type { MachineContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { mirrorRound } from "./mirror-round.ts";
import { countsOf, countsSchema, type MirrorCounts, Tally } from "./tally.ts";
import { storeError, type TaskStore, withTaskStore } from "./task-store.ts";

const MirrorInput = z.strictObject({
  /** Go on until told to end; every round that did something is a note. */
  watch: z.boolean(),
  /** Then wait for a store or a server that is away; else that is an error. */
  patient: z.optional(z.boolean()),
});

/** Time between two looks, and how often it is looked for what dead mirrors have left: over REST each question is paid for. */
const TIMES = { rest: { lookMs: 15_000, recoverMs: 600_000 }, tcp: { lookMs: 1000, recoverMs: 60_000 } } as const;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Brings tasks and issues together: once, or until it is told to end.
 * Throws BdError rejected TRACKER_NOT_SET_UP, and as `withTaskStore`.
 */
export const syncTracker = defineOperation({
  name: "tracker.sync",
  access: "machine",
  input: MirrorInput,
  run(context, { watch, patient = false }: z.infer<typeof MirrorInput>): Promise<MirrorCounts> {
    return withTaskStore(context, (store) =>
      watch ? keepMirroring(context, store, { patient }) : mirrorAll(context, store),
    );
  },
  wire: { of: countsOf, schema: () => z.looseObject(countsSchema()) },
});

async function mirrorAll(context: MachineContext, store: TaskStore): Promise<MirrorCounts> {
  const tally = new Tally();
  for (let recovers = true; await mirrorRound(context, store, { recovers, tally }); recovers = true) {
    context.signal.throwIfAborted();
    context.progress({ task: "Mirroring tasks", done: tally.total });
  }
  return tally.counts;
}

/** Throws the reason of the signal in the end. */
async function keepMirroring(
  context: MachineContext,
  store: TaskStore,
  { patient }: { readonly patient: boolean },
): Promise<never> {
  const { signal, timing } = context;
  const { lookMs, recoverMs } = TIMES[store.isRest ? "rest" : "tcp"];
  let [recovered, pause, trouble] = [Number.NEGATIVE_INFINITY, FIRST_PAUSE_MS, ""];
  for (;;) {
    signal.throwIfAborted();
    try {
      const tally = new Tally();
      const recovers = timing.now() - recovered >= recoverMs;
      const more = await mirrorRound(context, store, { recovers, tally });
      if (recovers && !more) recovered = timing.now();
      [pause, trouble] = [FIRST_PAUSE_MS, ""];
      if (!tally.isEmpty) context.note(tally.line);
      if (!more) await context.untilChange(lookMs);
    } catch (thrown) {
      signal.throwIfAborted();
      const error = storeError(thrown);
      if (!patient || !isPassing(error)) throw error;
      // What stays as it is was said.
      if (error.message !== trouble) context.note(`${error.message}; trying again`);
      trouble = error.message;
      recovered = Number.NEGATIVE_INFINITY;
      await timing.sleep(pause, signal).catch(() => {});
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    }
  }
}

/** Away now, and perhaps back in a moment. */
function isPassing(error: unknown): error is BdError {
  return error instanceof BdError && (error.kind === "unavailable" || error.code === "TASK_STORE_BUSY");
}
