import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import type { DeadLetter } from "../../tracker/mirror-group.ts";
import { type Unknown, verifyTasks } from "../../tracker/verify-tasks.ts";
import type { MachineContext } from "../context.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { newsFor } from "./issue-news.ts";
import { planEverything } from "./mirror-everything.ts";
import { mirrorRound } from "./mirror-round.ts";
import type { MirrorPlan } from "./plan-mirror.ts";
import { countsOf, countsSchema, type MirrorCounts, Tally } from "./tally.ts";
import { requireSetUp, type TaskStore, withTaskStore } from "./task-store.ts";

/** What is not the same on both sides. */
export interface Difference {
  readonly task: string | undefined;
  readonly issue: string | undefined;
  /** `missing`: one side has nothing of it. */
  readonly what: "missing" | "differs";
}

export interface Verified extends Unknown {
  readonly differences: readonly Difference[];
  readonly dead: readonly DeadLetter[];
}

export interface Compared extends Verified {
  /** Set where something differs; it decides the exit code. */
  readonly problem: BdError | undefined;
}

function different(count: number): BdError {
  return new BdError(
    "rejected",
    "TRACKER_DIFFERS",
    `${count === 1 ? "1 thing is" : `${count} things are`} not the same on both sides`,
    { hint: command`bd tracker verify --fix` },
  );
}

/** Compares every task with its issue. Throws BdError rejected TRACKER_NOT_SET_UP, and as `withTaskStore`. */
export const verifyTracker = defineOperation({
  name: "tracker.verify",
  access: "machine",
  changesNothing: true,
  input: NO_INPUT,
  run: (context): Promise<Compared> =>
    withTaskStore(context, async (store) => {
      const report = await compareAll(context, store);
      const { found, stale, differences } = report;
      const count = found.length + stale.length + differences.length;
      return { ...report, problem: count === 0 ? undefined : different(count) };
    }),
  wire: { of: (compared: Compared) => verifiedOf(compared), schema: () => z.looseObject(verifiedSchema()) },
});

/** Compares every task with its issue, and brings together what differs. Throws as `verifyTracker`. */
export const fixTracker = defineOperation({
  name: "tracker.fix",
  access: "machine",
  input: NO_INPUT,
  run: (context): Promise<Verified & { readonly fixed: MirrorCounts }> =>
    withTaskStore(context, async (store) => {
      const report = await compareAll(context, store);
      const tally = new Tally();
      let compares = true;
      while (await mirrorRound(context, store, { recovers: true, compares, tally })) compares = false;
      return { ...report, fixed: tally.counts };
    }),
  wire: {
    of: ({ fixed, ...report }) => ({ ...verifiedOf(report), fixed: countsOf(fixed) }),
    schema: () => z.looseObject({ ...verifiedSchema(), fixed: z.looseObject(countsSchema()) }),
  },
});

async function compareAll(context: MachineContext, store: TaskStore): Promise<Verified> {
  await requireSetUp(store);
  const known = await knownOf(context, store);
  const unknown = await verifyTasks(store.tracker);
  const plans: MirrorPlan[] = [];
  for await (const plan of planEverything(context, store, known)) plans.push(plan);
  return { ...unknown, differences: plans.flatMap(differencesIn), dead: plans.flatMap(({ dead }) => dead) };
}

function verifiedOf({ found, stale, differences, dead }: Verified) {
  return {
    unknown_tasks: found,
    stale_ids: stale,
    differences: differences.map(({ task, issue, what }) => ({ task: task ?? null, issue: issue ?? null, what })),
    dead_letters: dead,
  };
}

const verifiedSchema = () => ({
  unknown_tasks: z.array(z.string()).check(z.describe("Tasks that another program wrote past the stream.")),
  stale_ids: z.array(z.string()).check(z.describe("Ids in an index, without a task.")),
  differences: z.array(
    z.looseObject({
      task: z.nullable(z.string()),
      issue: z.nullable(z.string()),
      what: z.enum(["missing", "differs"]),
    }),
  ),
  dead_letters: z.array(z.looseObject({ id: z.string(), at: z.string(), why: z.string() })),
});

async function knownOf(context: MachineContext, store: TaskStore) {
  const { group } = store;
  const cursor = await group.cursor();
  const since = cursor === undefined ? undefined : await newsFor(context, store, cursor);
  return { since, isBlind: since === undefined || !(await group.isCompared()) };
}

function differencesIn({ facts, newIssues, tasks }: MirrorPlan): Difference[] {
  const differing = new Map<string, Difference>();
  for (const { before } of facts.changed) {
    const issue = before?.issue.id;
    if (issue !== undefined) differing.set(issue, { task: undefined, issue, what: "differs" });
  }
  for (const { before, after } of tasks) {
    const missing = before === undefined;
    const issue = after.issue;
    differing.set(issue ?? after.id, {
      task: missing ? undefined : after.id,
      issue,
      what: missing ? "missing" : "differs",
    });
  }
  const missingIssues = newIssues.map(({ task }): Difference => ({ task: task.id, issue: undefined, what: "missing" }));
  return [...differing.values(), ...missingIssues];
}
