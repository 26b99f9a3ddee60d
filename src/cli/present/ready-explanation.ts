import type { ReadyExplanation } from "../../ops/issue/explain-ready.ts";
import type { View } from "../command.ts";
import { counted } from "./text/counted-text.ts";
import { cutNote } from "./text/cut-note.ts";

/** `ready --explain`: why each issue is ready, and what each blocked one waits for. */
export function presentExplanation({ ready, blocked, cycles = [], summary }: ReadyExplanation, view: View): void {
  view.line("📊 Ready work explained");
  if (ready.length > 0) ["", `Ready (${summary.total_ready}):`].forEach(view.line);
  for (const { id, title, priority, reason, resolved_blockers: resolved } of ready) {
    view.line();
    view.line(`  ${view.style("bold", id)} [P${priority}] ${title}`);
    view.line(`    ${reason}${resolved === null ? "" : `: ${resolved.join(", ")}`}`);
  }
  if (blocked.length > 0) ["", `Blocked (${summary.total_blocked}):`].forEach(view.line);
  for (const { id, title, priority, blocked_by: blockers } of blocked) {
    view.line();
    view.line(`  ${view.style("bold", id)} [P${priority}] ${title}`);
    for (const blocker of blockers) {
      view.line(`    ← ${blocker.id}: ${blocker.title} [${blocker.status}, P${blocker.priority}]`);
    }
  }
  if (cycles.length > 0)
    ["", `⚠ Cycles (${summary.cycle_count}): each waits for the next, and none can start`].forEach(view.line);
  for (const cycle of cycles) ["", `  ${[...cycle, cycle[0]].join(" → ")}`].forEach(view.line);
  view.line();
  view.line(
    `Summary: ${summary.total_ready} ready, ${summary.total_blocked} blocked, ${counted(summary.cycle_count, "cycle")}`,
  );
  const cut = cutNote(ready.length, summary.total_ready);
  if (cut !== undefined) view.line(cut);
}
