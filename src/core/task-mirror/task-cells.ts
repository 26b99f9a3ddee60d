import { BdError } from "../../errors.ts";
import type { Issue } from "../issue/issue.ts";
import { checkLabel, checkText, checkTitle } from "../text-limits.ts";
import type { StatusMap } from "./status-map.ts";

/** What a task and its issue have in common, by the task's names. */
export const CELLS = ["title", "description", "status", "priority", "assignedTo", "agentCodeName", "project"] as const;
export type Cell = (typeof CELLS)[number];

/** Texts; "" where nothing is set. */
export type TaskCells = Readonly<Record<Cell, string>>;

/** What decides how an issue looks as a task. */
export interface CellRules {
  readonly map: StatusMap;
  /** The project whose tasks alone are mirrored: that of issues which name none. */
  readonly project: string | undefined;
}

export type LabelledIssue = { readonly issue: Issue; readonly labels: readonly string[] };

const PRIORITIES: readonly string[] = ["urgent", "high", "medium", "low"];
export const AGENT = "agent:";
export const PROJECT = "project:";

function priorityWord(priority: number): string {
  return PRIORITIES[priority] ?? "low";
}

/** Throws for a word that `taskCells` would have refused. */
export function priorityNumber(word: string): number {
  const number = PRIORITIES.indexOf(word);
  if (number === -1) throw new Error(`${word} is no priority of a task`);
  return number;
}

/**
 * What a task says, which any program may have written; a sentence where the tracker has no place for it.
 * Only what is named is looked at: other fields may be wrong without harm.
 */
export function taskCells(task: Readonly<Partial<Record<Cell, unknown>>>, { map }: CellRules): TaskCells | string {
  const texts: Record<string, string> = {};
  for (const name of CELLS) {
    const value = task[name] ?? "";
    if (typeof value !== "string") return `${name} is no text`;
    texts[name] = value;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every cell was set
  const cells = texts as unknown as TaskCells;
  try {
    checkTitle(cells.title);
    checkText("description", cells.description);
    checkText("assignee", cells.assignedTo);
    if (cells.agentCodeName !== "") checkLabel(`${AGENT}${cells.agentCodeName}`);
    if (cells.project !== "") checkLabel(`${PROJECT}${cells.project}`);
  } catch (error) {
    if (error instanceof BdError) return error.message;
    throw error;
  }
  if (map.statusOf(cells.status) === undefined)
    return `the status ${JSON.stringify(cells.status)} is none of tracker.statuses`;
  if (!PRIORITIES.includes(cells.priority)) return `the priority ${JSON.stringify(cells.priority)} is none`;
  return cells;
}

/** How an issue looks as a task. */
export function issueCells({ issue, labels }: LabelledIssue, { map, project }: CellRules): TaskCells {
  return {
    title: issue.title,
    description: issue.description ?? "",
    status: map.wordOf(issue.status),
    priority: priorityWord(issue.priority),
    assignedTo: issue.assignee ?? "",
    agentCodeName: named(AGENT, labels)[0] ?? "",
    project: named(PROJECT, labels)[0] ?? project ?? "",
  };
}

/** The cells in which a task and its issue say something else. */
export function differingCells(cells: TaskCells, stored: LabelledIssue, rules: CellRules): Cell[] {
  const shown = issueCells(stored, rules);
  return CELLS.filter((name) => {
    if (cells[name] === shown[name]) return false;
    if (name === "status") return !rules.map.agree(cells.status, stored.issue.status);
    if (name === "agentCodeName") return !named(AGENT, stored.labels).includes(cells.agentCodeName);
    if (name === "project") return !named(PROJECT, stored.labels).includes(cells.project);
    return true;
  });
}

/** Whether a cell of a task says what an issue had there. */
export function saidBefore(cells: TaskCells, cell: Cell, old: unknown, { map }: CellRules): boolean {
  if (cell === "status") return typeof old === "string" && map.agree(cells.status, old);
  if (cell === "priority") return typeof old === "number" && priorityWord(old) === cells.priority;
  return cells[cell] === (old ?? "");
}

/** What labels with this beginning name, in order. */
export function named(beginning: string, labels: readonly string[]): string[] {
  return labels
    .filter((label) => label.startsWith(beginning) && label.length > beginning.length)
    .map((label) => label.slice(beginning.length))
    .toSorted();
}
