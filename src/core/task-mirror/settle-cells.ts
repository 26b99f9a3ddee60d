import type { CellDates } from "./cell-dates.ts";
import type { Cell } from "./task-cells.ts";

/** Which side's word counts, of the cells that differ. */
export interface Settled {
  /** What the task says goes to the issue. */
  readonly toIssue: readonly Cell[];
  /** What the issue says goes to the task. */
  readonly toTask: readonly Cell[];
}

/**
 * The last change of a cell counts; of one second, the tracker's, which knows no shorter time. A cell that nobody changed stays as it is on both sides,
 * although they differ: an application has fewer words than the tracker.
 */
export function settleCells(
  differing: readonly Cell[],
  { task, issue }: { readonly task: CellDates | undefined; readonly issue: CellDates | undefined },
): Settled {
  const [toIssue, toTask]: [Cell[], Cell[]] = [[], []];
  for (const cell of differing) {
    const [there, here] = [task?.get(cell), issue?.get(cell)];
    if (there !== undefined && (here === undefined || secondOf(there) > secondOf(here))) toIssue.push(cell);
    else if (here !== undefined) toTask.push(cell);
  }
  return { toIssue, toTask };
}

function secondOf(ms: number): number {
  return Math.floor(ms / 1000);
}
