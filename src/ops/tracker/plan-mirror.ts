import type { StoredIssue } from "../../core/jsonl/compare-issue.ts";
import type { SideNews } from "../../core/task-mirror/cell-dates.ts";
import { settleCells } from "../../core/task-mirror/settle-cells.ts";
import {
  CELLS,
  type Cell,
  type CellRules,
  differingCells,
  issueCells,
  saidBefore,
  taskCells,
} from "../../core/task-mirror/task-cells.ts";
import type { DeadLetter } from "../../tracker/mirror-group.ts";
import type { Task } from "../../tracker/task.ts";
import type { Facts } from "../issue/write/write-facts.ts";
import { type TaskWord, withCells } from "./issue-facts.ts";
import { type Pair, refOf } from "./pair-up.ts";

/** A task that is to be written: what is there now, and what is to be. */
export interface TaskWrite {
  readonly before: string | undefined;
  readonly after: Task;
}

/** What brings tasks and issues together. */
export interface MirrorPlan {
  readonly facts: Facts;
  /** Tasks that have no issue yet. */
  readonly newIssues: readonly TaskWord[];
  readonly tasks: readonly TaskWrite[];
  /** Tasks that say what the tracker has no place for. */
  readonly dead: readonly DeadLetter[];
  /** Tasks that say nothing wrong. */
  readonly sound: readonly string[];
}

export interface MirrorRules extends CellRules {
  readonly now: Date;
  /** Types of issues that are bookkeeping, and no tasks. */
  readonly infraTypes: readonly string[];
}

/** What has to be done, pair by pair. The last change of each cell counts; a deletion counts whatever else was changed. */
export function planMirror(pairs: readonly Pair[], rules: MirrorRules): MirrorPlan {
  const plan = {
    facts: { changed: new Array<Facts["changed"][number]>(), deleted: new Array<{ id: string }>() },
    newIssues: new Array<TaskWord>(),
    tasks: new Array<TaskWrite>(),
    dead: new Array<DeadLetter>(),
    sound: new Array<string>(),
  };
  for (const pair of pairs) {
    const { taskId, task, issue } = pair;
    if (task === undefined) {
      if (issue === undefined) continue;
      if (pair.isPurged) plan.facts.deleted.push({ id: issue.issue.id });
      else if (isToBeTask(pair, issue, rules))
        plan.tasks.push({ before: undefined, after: newTask(taskId, issue, rules) });
      continue;
    }
    if (issue === undefined && pair.isGone) {
      if (task.task.deletedAt === undefined)
        plan.tasks.push({ before: task.text, after: deletedTask(task.task, rules) });
      continue;
    }
    const cells = taskCells(task.task, rules);
    if (typeof cells === "string") {
      if (pair.taskNews !== undefined) plan.dead.push({ id: taskId, at: rules.now.toISOString(), why: cells });
      continue;
    }
    plan.sound.push(taskId);
    const word = { ...task, cells };
    if (issue !== undefined) {
      const settled = settlePair(pair, { word, issue }, rules);
      plan.facts.changed.push(...settled.changed);
      plan.tasks.push(...settled.tasks);
    } else if (isToBeIssue(pair, task.task, rules)) plan.newIssues.push(word);
  }
  return plan;
}

function isToBeIssue({ taskNews }: Pair, task: Task, { project }: MirrorRules): boolean {
  if (taskNews === undefined || task.deletedAt !== undefined) return false;
  return project === undefined || task.project === project;
}

function isToBeTask({ issueNews }: Pair, stored: StoredIssue, rules: MirrorRules): boolean {
  const { issue } = stored;
  if (issueNews === undefined || issue.status === "closed" || issue.is_template === true) return false;
  if (rules.infraTypes.includes(issue.issue_type)) return false;
  return rules.project === undefined || issueCells(stored, rules).project === rules.project;
}

interface Both {
  readonly word: TaskWord;
  readonly issue: StoredIssue;
}

function settlePair(
  { taskId, taskNews, issueNews, olds, isMoved }: Pair,
  { word, issue }: Both,
  rules: MirrorRules,
): { readonly changed: Facts["changed"]; readonly tasks: readonly TaskWrite[] } {
  const differing = differingCells(word.cells, issue, rules);
  const { toIssue, toTask } = settleCells(differing, {
    task: taskNews,
    issue: issueNews,
    isBehind: (cell) => olds?.get(cell)?.some((old) => saidBefore(word.cells, cell, old, rules)) === true,
  });
  const { external_ref: ref } = issue.issue;
  const isToBeNamed = isMoved && ref === undefined;
  const changed = toIssue.length > 0 ? withCells(issue, word, { changed: toIssue, rules, now: rules.now }) : issue;
  const after = isToBeNamed ? { ...changed, issue: { ...changed.issue, external_ref: refOf(taskId) } } : changed;
  const task = taskLike(word.task, issue, { cells: toTask, rules });
  const isOther = toTask.length > 0 || task.issue !== word.task.issue;
  return {
    changed: after === issue ? [] : [{ before: issue, after }],
    tasks: isOther ? [{ before: word.text, after: task }] : [],
  };
}

/** The task, with those cells as the issue has them. */
function taskLike(
  task: Task,
  stored: StoredIssue,
  { cells, rules }: { readonly cells: readonly Cell[]; readonly rules: MirrorRules },
): Task {
  const shown = issueCells(stored, rules);
  const changes = Object.fromEntries(cells.map((name) => [name, shown[name]]));
  const isBack = cells.includes("status") && shown.status !== rules.map.last;
  const { deletedAt, ...living } = task;
  const kept = isBack || deletedAt === undefined ? living : task;
  return { ...kept, ...changes, issue: stored.issue.id };
}

function newTask(id: string, stored: StoredIssue, rules: MirrorRules): Task {
  const { created_at: created } = stored.issue;
  const blank: Task = {
    id,
    title: "",
    status: rules.map.first,
    priority: "medium",
    activities: [],
    createdAt: new Date(created).toISOString(),
    updatedAt: rules.now.toISOString(),
  };
  return taskLike(blank, stored, { cells: CELLS, rules });
}

function deletedTask(task: Task, { map, now }: MirrorRules): Task {
  return { ...task, status: map.last, deletedAt: now.toISOString() };
}

/** When it was last changed, by its own word: not after `latest` (milliseconds since 1970). */
export function vagueNews(task: Task, latest: number): SideNews {
  const at = Date.parse(task.updatedAt);
  return { dates: new Map(), vague: Number.isNaN(at) ? 0 : Math.min(at, latest) };
}
