import type { Issue } from "../../core/issue/issue.ts";
import type { StoredIssue } from "../../core/jsonl/compare-issue.ts";
import {
  AGENT,
  type Cell,
  type CellRules,
  named,
  PROJECT,
  priorityNumber,
  type TaskCells,
} from "../../core/task-mirror/task-cells.ts";
import { changeTime } from "../../core/time/change-time.ts";
import { instantOf, toWireTime } from "../../core/time/wire-time.ts";
import type { Task } from "../../tracker/task.ts";
import { statusEffects } from "../issue/write/status-effects.ts";
import { refOf } from "./pair-up.ts";

/** Who makes what comes from tasks, as far as a store tells. */
export const TRACKER = "tracker";

const DELETED_REASON = "deleted in tracker";

/** What a task says of its issue. */
export interface TaskWord {
  readonly task: Task;
  /** As it is stored. */
  readonly text: string;
  readonly cells: TaskCells;
}

/** The issue, with those cells of it as the task has them. */
export function withCells(
  stored: StoredIssue,
  { task, cells }: Omit<TaskWord, "text">,
  { changed, rules, now }: { readonly changed: readonly Cell[]; readonly rules: CellRules; readonly now: Date },
): StoredIssue {
  const at = changeTime(now, stored.issue.updated_at);
  const has = new Set(changed);
  const status = has.has("status") ? rules.map.statusOf(cells.status) : undefined;
  const effects = status === undefined ? {} : statusEffects(stored.issue, status, { at, session: undefined });
  const reason = status === "closed" && task.deletedAt !== undefined ? { close_reason: DELETED_REASON } : {};
  const issue = {
    ...stored.issue,
    ...(has.has("title") ? { title: cells.title } : {}),
    ...(has.has("description") ? { description: cells.description } : {}),
    ...(has.has("priority") ? { priority: priorityNumber(cells.priority) } : {}),
    ...(has.has("assignedTo") ? { assignee: cells.assignedTo } : {}),
    ...(status === undefined ? {} : { status }),
    ...effects,
    ...reason,
    updated_at: at,
  };
  const labels = withLabel(has.has("agentCodeName"), AGENT, cells.agentCodeName, stored.labels);
  return {
    ...stored,
    issue: withoutEmpty(issue),
    labels: withLabel(has.has("project"), PROJECT, cells.project, labels),
  };
}

/** A task as an issue that is new. */
export function newIssue(
  { task, cells }: TaskWord,
  { id, rules, now }: { readonly id: string; readonly rules: CellRules; readonly now: Date },
): StoredIssue {
  const at = toWireTime(now);
  const made = createdAt(task);
  const status = rules.map.statusOf(cells.status) ?? "open";
  const issue: Issue = {
    id,
    title: cells.title,
    description: cells.description,
    status,
    priority: priorityNumber(cells.priority),
    issue_type: "task",
    assignee: cells.assignedTo,
    created_at: made === undefined ? at : toWireTime(made),
    created_by: TRACKER,
    updated_at: at,
    ...(status === "closed"
      ? { closed_at: at, close_reason: task.deletedAt === undefined ? "Closed" : DELETED_REASON }
      : {}),
    external_ref: refOf(task.id),
  };
  const labels = withLabel(true, AGENT, cells.agentCodeName, []);
  const dependencies: StoredIssue["dependencies"] = [];
  return {
    issue: withoutEmpty(issue),
    labels: withLabel(true, PROJECT, cells.project, labels),
    dependencies,
    comments: [],
  };
}

const [FIRST_YEAR, LAST_YEAR] = [1970, 9999];

/** Undefined where a program wrote no time that a column holds. */
export function createdAt({ createdAt: text }: Pick<Task, "createdAt">): Date | undefined {
  const instant = typeof text === "string" ? instantOf(text) : undefined;
  const year = instant?.getUTCFullYear() ?? 0;
  return year >= FIRST_YEAR && year <= LAST_YEAR ? instant : undefined;
}

/** One label of that beginning, in place of those that are there; none for "". */
function withLabel(isMeant: boolean, beginning: string, name: string, labels: readonly string[]): readonly string[] {
  if (!isMeant) return labels;
  const gone = new Set(named(beginning, labels).map((one) => `${beginning}${one}`));
  const kept = labels.filter((label) => !gone.has(label));
  return (name === "" ? kept : [...kept, `${beginning}${name}`]).toSorted();
}

/** An issue has no field that says nothing. */
function withoutEmpty(issue: { readonly [Name in keyof Issue]: Issue[Name] | undefined }): Issue {
  const fields = Object.entries(issue).filter(([, value]) => value !== undefined && value !== "");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields, but for those that are away
  return Object.fromEntries(fields) as unknown as Issue;
}
