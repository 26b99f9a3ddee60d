import type { ReadyExplanation } from "../../ops/issue/explain-ready.ts";
import type { View } from "../command.ts";
import { cutNote } from "./cut-note.ts";

/** `ready --explain`: why each issue is ready, and what each blocked one waits for. */
export function presentExplanation({ ready, blocked, cycles = [], summary }: ReadyExplanation, view: View): void {
  view.line("📊 Ready work explained");
  if (ready.length > 0) view.line(`\nReady (${summary.total_ready}):`);
  for (const { id, title, priority, reason, resolved_blockers: resolved } of ready) {
    view.line(`\n  ${view.style("bold", id)} [P${priority}] ${title}`);
    view.line(`    ${reason}${resolved === null ? "" : `: ${resolved.join(", ")}`}`);
  }
  if (blocked.length > 0) view.line(`\nBlocked (${summary.total_blocked}):`);
  for (const { id, title, priority, blocked_by: blockers } of blocked) {
    view.line(`\n  ${view.style("bold", id)} [P${priority}] ${title}`);
    for (const blocker of blockers) {
      view.line(`    ← ${blocker.id}: ${blocker.title} [${blocker.status}, P${blocker.priority}]`);
    }
  }
  if (cycles.length > 0) view.line(`\n⚠ Cycles (${summary.cycle_count}): each waits for the next, and none can start`);
  for (const cycle of cycles) view.line(`\n  ${[...cycle, cycle[0]].join(" → ")}`);
  view.line(`\nSummary: ${summary.total_ready} ready, ${summary.total_blocked} blocked, ${summary.cycle_count} cycles`);
  const cut = cutNote(ready.length, summary.total_ready);
  if (cut !== undefined) view.line(cut);
}
