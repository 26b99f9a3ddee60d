import { hashedUuid } from "../../core/hashed-uuid.ts";
import type { StoredIssue } from "../../core/jsonl/compare-issue.ts";
import type { IssueNews, SideNews } from "../../core/task-mirror/cell-dates.ts";
import type { Cell } from "../../core/task-mirror/task-cells.ts";
import { keptIn } from "../../store/queries/import-facts.ts";
import { idsByRef } from "../../store/queries/issues-by-ref.ts";
import { ISSUE_TABLES } from "../../store/queries/tables.ts";
import type { Reader } from "../../store/session-types.ts";
import { readTask, type Task } from "../../tracker/task.ts";
import { isTaskId } from "../../tracker/task-keys.ts";
import type { Tracker } from "../../tracker/tracker.ts";

/** What is to be brought over. */
export interface Work {
  /** What happened to tasks, by their ids. */
  readonly tasks: ReadonlyMap<string, SideNews>;
  /** Tasks that were purged: the issues that they were, where they said it. */
  readonly purged: ReadonlyMap<string, string | undefined>;
  readonly news: IssueNews;
  /** Nobody knows all that happened to issues. */
  readonly isBlind: boolean;
}

/** A task as it is stored. */
export interface StoredTask {
  readonly text: string;
  readonly task: Task;
}

/** A task and the issue that it is, with what happened to either. */
export interface Pair {
  readonly taskId: string;
  readonly task: StoredTask | undefined;
  readonly taskNews: SideNews | undefined;
  readonly isPurged: boolean;
  readonly issue: StoredIssue | undefined;
  readonly issueNews: SideNews | undefined;
  /** See `IssueNews`. */
  readonly olds: ReadonlyMap<Cell, readonly unknown[]> | undefined;
  /** The issue was there, and was deleted. */
  readonly isGone: boolean;
  /** The issue has no word of its own yet that it is this task: its id was another one. */
  readonly isMoved: boolean;
}

export type StoredTasks = ReadonlyMap<string, StoredTask>;

interface Issues {
  readonly byId: ReadonlyMap<string, StoredIssue>;
  readonly byRef: ReadonlyMap<string, string>;
}

const REF = "tracker:";

export function refOf(taskId: string): string {
  return `${REF}${taskId}`;
}

/** The task that an issue is: the one that it says, else one of its own name. */
export function taskIdOf(id: string, ref: string | undefined): string {
  const named = ref?.startsWith(REF) === true ? ref.slice(REF.length) : "";
  if (isTaskId(named)) return named;
  return isTaskId(id) ? id : hashedUuid("task", [id]);
}

/** The tasks that the work is about, as far as they are there. */
export async function loadTasks(tracker: Tracker, reader: Reader, work: Work): Promise<StoredTasks> {
  const known = await textsOf(tracker, [...work.tasks.keys()]);
  const { byId } = await loadIssues(reader, work, known);
  const more = [
    ...[...byId.values()].map(({ issue }) => taskIdOf(issue.id, issue.external_ref)),
    ...[...work.news.gone].map(([id, ref]) => taskIdOf(id, ref)),
    ...work.news.moved.keys(),
  ];
  const others = more.filter((id) => !known.has(id));
  return new Map([...known, ...(await textsOf(tracker, [...new Set(others)]))]);
}

async function textsOf(tracker: Tracker, ids: readonly string[]): Promise<StoredTasks> {
  const texts = await tracker.textsOf(ids);
  return new Map(
    [...texts].flatMap(([id, text]): [string, StoredTask][] => {
      const task = readTask(text);
      return task === undefined ? [] : [[id, { text, task }]];
    }),
  );
}

/** The pairs that the work is about, as they are now. Two round trips. */
export async function readPairs(reader: Reader, work: Work, tasks: StoredTasks): Promise<Pair[]> {
  return pairsOf(work, tasks, await loadIssues(reader, work, tasks));
}

async function loadIssues(reader: Reader, { news, purged, tasks: dates }: Work, tasks: StoredTasks): Promise<Issues> {
  const taskIds = [...new Set([...dates.keys(), ...tasks.keys(), ...purged.keys()])];
  const said = [...[...tasks.values()].map(({ task }) => task.issue), ...purged.values()];
  const [byRef] = await reader.all([idsByRef(taskIds.map(refOf))]);
  const ids = [...taskIds, ...said, ...byRef.values(), ...news.dates.keys(), ...news.moved.values()];
  const now = ids.flatMap((id) => (typeof id === "string" ? [id, calledNow(id, news)] : []));
  const [kept] = await reader.all([keptIn(ISSUE_TABLES, [...new Set(now)])]);
  return { byRef, byId: new Map(kept.map((issue) => [issue.issue.id, issue])) };
}

/** The id that an issue has now, whatever ways it went. */
function calledNow(id: string, { moved }: IssueNews): string {
  const seen = new Set<string>();
  let now = id;
  for (let next = moved.get(now); next !== undefined && !seen.has(next); next = moved.get(now)) {
    seen.add(next);
    now = next;
  }
  return now;
}

function pairsOf(work: Work, tasks: StoredTasks, { byId, byRef }: Issues): Pair[] {
  const { news, purged, tasks: dates, isBlind } = work;
  const issueOf = (taskId: string, said: string | undefined): StoredIssue | undefined => {
    const byWord = byId.get(byRef.get(refOf(taskId)) ?? "");
    if (byWord !== undefined) return byWord;
    const moved = calledNow(taskId, news);
    const candidates = [said === undefined ? moved : calledNow(said, news), moved].map((id) => byId.get(id));
    // A task's word alone is none: any program writes tasks.
    return candidates.find((one) => {
      if (one === undefined) return false;
      const { id, external_ref: ref } = one.issue;
      return taskIdOf(id, ref) === taskId || (id === moved && ref?.startsWith(REF) !== true);
    });
  };
  const pairs = new Map<string, Pair>();
  const add = (taskId: string, issue: StoredIssue | undefined) => {
    if (pairs.has(taskId)) return;
    const task = tasks.get(taskId);
    const id = issue?.issue.id;
    const known = id === undefined ? undefined : news.dates.get(id);
    const vague = isBlind && issue !== undefined ? Date.parse(issue.issue.updated_at) : undefined;
    const isTold = known !== undefined || vague !== undefined;
    pairs.set(taskId, {
      taskId,
      task,
      taskNews: dates.get(taskId),
      isPurged: purged.has(taskId) && task === undefined,
      issue,
      issueNews: isTold ? { dates: known ?? new Map(), vague } : undefined,
      olds: id === undefined ? undefined : news.olds.get(id),
      isGone: issue === undefined && goneTasks.has(taskId),
      isMoved: issue !== undefined && taskIdOf(issue.issue.id, issue.issue.external_ref) !== taskId,
    });
  };
  const goneTasks = new Set([...news.gone].map(([id, ref]) => taskIdOf(id, ref)));
  for (const taskId of dates.keys()) add(taskId, issueOf(taskId, tasks.get(taskId)?.task.issue));
  for (const [taskId, said] of purged) add(taskId, issueOf(taskId, said));
  for (const taskId of goneTasks) add(taskId, issueOf(taskId, tasks.get(taskId)?.task.issue));
  for (const [old, id] of news.moved) if (tasks.has(old)) add(old, issueOf(old, tasks.get(old)?.task.issue ?? id));
  const paired = new Set([...pairs.values()].map(({ issue }) => issue?.issue.id));
  for (const id of news.dates.keys()) {
    const issue = byId.get(id);
    if (issue !== undefined && !paired.has(id)) add(taskIdOf(id, issue.issue.external_ref), issue);
  }
  return [...pairs.values()];
}
