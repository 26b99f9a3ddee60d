import type { StoredIssue } from "../../core/jsonl/compare-issue.ts";
import { readTask, type Task } from "../../tracker/task.ts";
import { differingFields } from "../../tracker/task-log.ts";
import type { Tracker } from "../../tracker/tracker.ts";
import type { MirrorPlan, TaskWrite } from "./plan-mirror.ts";
import type { TaskStore } from "./task-store.ts";

/** Somebody changes other fields of the task all the time: so often a write is made anew. */
const MOST_TRIES = 10;

/**
 * Writes what issues say of tasks, one by one. A field that somebody else changed meanwhile is theirs: the stream tells of it. Gives
 * the tasks that came, went, or were changed too often.
 */
export async function writeTasks(
  { tracker, source }: TaskStore,
  plan: Pick<MirrorPlan, "tasks" | "newIssues">,
  { created, op }: { readonly created: ReadonlyMap<string, StoredIssue>; readonly op: string },
): Promise<TaskWrite[]> {
  const named = plan.newIssues.flatMap(({ task, text }): TaskWrite[] => {
    const issue = created.get(task.id)?.issue.id;
    return issue === undefined ? [] : [{ before: text, after: { ...task, issue } }];
  });
  const left: TaskWrite[] = [];
  for (const write of [...plan.tasks, ...named]) {
    if (!(await writeTask(tracker, write, { op: `${op}:${write.after.id}`, source }))) left.push(write);
  }
  return left;
}

async function writeTask(
  tracker: Tracker,
  { before, after }: TaskWrite,
  by: { readonly op: string; readonly source: string },
): Promise<boolean> {
  const was = readTask(before);
  let fields = was === undefined ? [] : differingFields(was, after);
  let [text, written]: [string | undefined, Task] = [before, after];
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (await tracker.put(written, { before: text, ...by })) return true;
    text = (await tracker.textsOf([after.id])).get(after.id);
    const now = readTask(text);
    if (was === undefined || now === undefined) return false;
    const theirs = new Set(differingFields(was, now));
    fields = fields.filter((field) => !theirs.has(field));
    if (fields.length === 0) return true;
    const ours = new Set(fields);
    const kept = Object.entries(now).filter(([field]) => !ours.has(field));
    const told = Object.entries(after).filter(([field]) => ours.has(field));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields of two tasks
    written = Object.fromEntries([...kept, ...told]) as unknown as Task;
  }
  return false;
}
