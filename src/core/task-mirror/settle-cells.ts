import type { SideNews } from "./cell-dates.ts";
import type { Cell } from "./task-cells.ts";

/** Which side's word counts, of the cells that differ. */
export interface Settled {
  /** What the task says goes to the issue. */
  readonly toIssue: readonly Cell[];
  /** What the issue says goes to the task. */
  readonly toTask: readonly Cell[];
}

/** What happened on both sides. */
export interface BothNews {
  readonly task: SideNews | undefined;
  readonly issue: SideNews | undefined;
  /** Whether the task says in a cell what the issue said before, so that it may merely not have heard. */
  readonly isBehind: (cell: Cell) => boolean;
}

/**
 * The last change of a cell counts; of one second, the tracker's, which knows no shorter time. A change that is known goes before
 * one that there may have been; but for one of the issue's, where the task has something that the issue never said: that was
 * changed, too. A cell that nobody changed stays as it is on both sides, although they differ: an application has fewer words
 * than the tracker.
 */
export function settleCells(differing: readonly Cell[], news: BothNews): Settled {
  const [toIssue, toTask]: [Cell[], Cell[]] = [[], []];
  for (const cell of differing) {
    const winner = winnerOf(cell, news);
    if (winner === "task") toIssue.push(cell);
    if (winner === "issue") toTask.push(cell);
  }
  return { toIssue, toTask };
}

function winnerOf(cell: Cell, { task, issue, isBehind }: BothNews): "task" | "issue" | undefined {
  const [there, here] = [task?.dates.get(cell), issue?.dates.get(cell)];
  if (there !== undefined && here === undefined) return "task";
  if (here !== undefined && there === undefined && (task?.vague === undefined || isBehind(cell))) return "issue";
  const [maybeThere, maybeHere] = [there ?? task?.vague, here ?? issue?.vague];
  if (maybeThere === undefined) return maybeHere === undefined ? undefined : "issue";
  return maybeHere === undefined || secondOf(maybeThere) > secondOf(maybeHere) ? "task" : "issue";
}

function secondOf(ms: number): number {
  return Math.floor(ms / 1000);
}
