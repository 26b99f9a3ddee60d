import type { CustomStatus } from "../../core/issue/status.ts";
import { mirrorMessage } from "../../core/task-mirror/mirror-message.ts";
import { statusMap } from "../../core/task-mirror/status-map.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import type { Reader } from "../../store/session-types.ts";
import type { WriteContext } from "../context.ts";
import { issueNewsSince } from "./issue-news.ts";
import { loadTasks, readPairs, type StoredTasks, type Work } from "./pair-up.ts";
import { type MirrorPlan, type MirrorRules, planMirror } from "./plan-mirror.ts";
import type { Tally } from "./tally.ts";
import type { TaskStore } from "./task-store.ts";
import { type WrittenIssues, writeIssues } from "./write-issues.ts";
import { writeTasks } from "./write-tasks.ts";

/** What one batch is about. */
export interface Batch extends Work {
  /** The newest commit of which the news tell. */
  readonly head: string;
}

type Rules = MirrorRules & { readonly customStatuses: readonly CustomStatus[] };

/** Tasks change while they are compared: so often that is tried anew. */
const MOST_TRIES = 20;
const NOTHING_WRITTEN: WrittenIssues = { created: new Map(), pastRules: [] };

/** What would be done. */
export async function planBatch(context: WriteContext, store: TaskStore, batch: Batch): Promise<MirrorPlan> {
  return context.read(async (reader) => (await planWith(reader, { context, store, batch })).plan);
}

/** Brings tasks and issues together: one commit for all issues, then the tasks. False where tasks change all the time. */
export async function mirrorBatch(
  context: WriteContext,
  store: TaskStore,
  batch: Batch,
  tally: Tally,
): Promise<boolean> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { plan, tasks } = await context.read((reader) => planWith(reader, { context, store, batch }));
    const written = await writeIssueSide(context, { store, batch, plan, tasks });
    const left = await writeTasks(store, written.plan, { created: written.created, op: context.newId() });
    tally.add({ ...written, left });
    await buryAndUnbury(store, written.plan);
    if (left.length === 0) return true;
  }
  return false;
}

interface Planning {
  readonly context: WriteContext;
  readonly store: TaskStore;
  readonly batch: Batch;
}

async function planWith(reader: Reader, { context, store, batch }: Planning) {
  const tasks = await loadTasks(store.tracker, reader, batch);
  const rules = await rulesFor(reader, store, context.clock());
  return { plan: planMirror(await readPairs(reader, batch, tasks), rules), tasks };
}

async function rulesFor(reader: Reader, { pairs, project }: TaskStore, now: Date): Promise<Rules> {
  const [{ customStatuses, infraTypes }] = await reader.all([projectConfig]);
  return { map: statusMap(pairs, customStatuses), customStatuses, infraTypes, project, now };
}

async function writeIssueSide(
  context: WriteContext,
  { store, batch, plan, tasks }: Omit<Planning, "context"> & { plan: MirrorPlan; tasks: StoredTasks },
): Promise<WrittenIssues & { readonly plan: MirrorPlan }> {
  if (issuesIn(plan) === 0) return { ...NOTHING_WRITTEN, plan };
  let count = 0;
  const mark = await store.group.mark();
  return context.write(
    () => mirrorMessage(count, mark),
    async (tx) => {
      // Somebody may have changed issues since they were looked at.
      const more = await issueNewsSince(tx, { commit: batch.head, news: batch.news, mark });
      const rules = await rulesFor(tx, store, tx.now());
      const current = planMirror(await readPairs(tx, { ...batch, news: more?.news ?? batch.news }, tasks), rules);
      count = issuesIn(current);
      return { ...(await writeIssues(tx, current, rules)), plan: current };
    },
  );
}

function issuesIn({ facts, newIssues }: MirrorPlan): number {
  return facts.changed.length + facts.deleted.length + newIssues.length;
}

async function buryAndUnbury({ group }: TaskStore, { dead, sound }: MirrorPlan): Promise<void> {
  await group.bury(dead);
  await group.unbury(sound);
}
