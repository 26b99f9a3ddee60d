import * as z from "zod/mini";
import { BdError } from "../../errors.ts";
import type { MachineContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { mirrorRound } from "./mirror-round.ts";
import { countsOf, countsSchema, type MirrorCounts, Tally } from "./tally.ts";
import { type TaskStore, withTaskStore } from "./task-store.ts";

const MirrorInput = z.strictObject({
  /** Go on until told to end; every round that did something is a note. */
  watch: z.boolean(),
});

/** Time between two looks, and how often it is looked for what dead mirrors have left: over REST each question is paid for. */
const TIMES = { rest: { lookMs: 15_000, recoverMs: 600_000 }, tcp: { lookMs: 1000, recoverMs: 60_000 } } as const;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Brings tasks and issues together: once, or until it is told to end; then a store or a server that is away is waited for.
 * Throws BdError rejected TRACKER_NOT_SET_UP, and as `withTaskStore`.
 */
export const syncTracker = defineOperation({
  name: "tracker.sync",
  access: "machine",
  input: MirrorInput,
  run(context, { watch }: z.infer<typeof MirrorInput>): Promise<MirrorCounts> {
    return withTaskStore(context, (store) => (watch ? keepMirroring(context, store) : mirrorAll(context, store)));
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
async function keepMirroring(context: MachineContext, store: TaskStore): Promise<never> {
  const { signal, timing } = context;
  const { lookMs, recoverMs } = TIMES[store.isRest ? "rest" : "tcp"];
  let [recovered, pause] = [Number.NEGATIVE_INFINITY, FIRST_PAUSE_MS];
  for (;;) {
    signal.throwIfAborted();
    try {
      const tally = new Tally();
      const recovers = timing.now() - recovered >= recoverMs;
      const more = await mirrorRound(context, store, { recovers, tally });
      if (recovers && !more) recovered = timing.now();
      pause = FIRST_PAUSE_MS;
      if (!tally.isEmpty) context.note(tally.line);
      if (!more) await context.untilChange(lookMs);
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      context.note(`${error.message}; trying again`);
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
