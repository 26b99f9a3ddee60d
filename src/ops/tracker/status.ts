import * as z from "zod/mini";
import { toWireTime } from "../../core/time/wire-time.ts";
import type { DeadLetter } from "../../tracker/mirror-group.ts";
import { defineOperation, NO_INPUT } from "../operation.ts";
import { natural, time } from "../wire/formats.ts";
import { newsFor } from "./issue-news.ts";
import { type TaskStore, withTaskStore } from "./task-store.ts";

/** What the other side does not have yet. */
export interface Waiting {
  readonly id: string;
  /** Since when: a wire time. */
  readonly since: string;
}

export interface TrackerStatus {
  readonly kind: "rest" | "tcp";
  readonly project: string | undefined;
  readonly isSetUp: boolean;
  /** The commit up to which issues were brought over; undefined where everything is to be compared. */
  readonly commit: string | undefined;
  /** The first `MOST` of each. */
  readonly tasks: readonly Waiting[];
  readonly issues: readonly Waiting[];
  readonly dead: readonly DeadLetter[];
}

const MOST = 1000;

/** Says what is not in sync, and since when. Throws as `withTaskStore`. */
export const trackerStatus = defineOperation({
  name: "tracker.status",
  access: "machine",
  changesNothing: true,
  input: NO_INPUT,
  run: (context): Promise<TrackerStatus> =>
    withTaskStore(context, async (store) => {
      const isSetUp = (await store.group.state())?.project === (store.project ?? "");
      const cursor = isSetUp ? await store.group.cursor() : undefined;
      const since = cursor === undefined ? undefined : await newsFor(context, store, cursor);
      const issues = [...(since?.news.dates ?? [])].map(([id, dates]) => waiting(id, Math.min(...dates.values())));
      return {
        kind: store.isRest ? "rest" : "tcp",
        project: store.project,
        isSetUp,
        commit: since === undefined ? undefined : cursor,
        tasks: isSetUp ? await waitingTasks(store) : [],
        issues: issues.slice(0, MOST),
        dead: await store.group.deadLetters(),
      };
    }),
  wire: {
    of: ({ kind, project, isSetUp, commit, tasks, issues, dead }: TrackerStatus) => ({
      store: kind,
      project: project ?? null,
      set_up: isSetUp,
      commit: commit ?? null,
      lag: tasks.length + issues.length,
      tasks_waiting: tasks,
      issues_waiting: issues,
      dead_letters: dead,
    }),
    schema: () => {
      const waitingSchema = z.looseObject({ id: z.string(), since: time() });
      return z.looseObject({
        store: z.enum(["rest", "tcp"]),
        project: z.nullable(z.string()),
        set_up: z.boolean(),
        commit: z.nullable(z.string()),
        lag: natural().check(z.describe("How many tasks and issues wait.")),
        tasks_waiting: z.array(waitingSchema),
        issues_waiting: z.array(waitingSchema),
        dead_letters: z.array(z.looseObject({ id: z.string(), at: z.string(), why: z.string() })),
      });
    },
  },
});

async function waitingTasks({ group, source }: TaskStore): Promise<Waiting[]> {
  const first = new Map<string, number>();
  for (const { id, entry, source: who } of await group.waiting(MOST)) {
    if (who !== source && !first.has(id)) first.set(id, Number(entry.split("-")[0]));
  }
  return [...first].map(([id, ms]) => waiting(id, ms));
}

function waiting(id: string, ms: number): Waiting {
  return { id, since: toWireTime(new Date(ms)) };
}
