import type { Command } from "commander";
import { CHANGE_STEPS } from "../../../core/changes/change-event.ts";
import type { Invocation } from "../../command.ts";
import { list } from "../../input/flag-parsers.ts";

/** Which events are wanted. */
export function eventFlags(command: Command): void {
  command
    .option("--issue <id...>", "only events of these issues", list)
    .option("-t, --type <types>", `only these: ${CHANGE_STEPS.flat().join(", ")}`, list)
    .option("-l, --label <labels>", "only of issues with these labels, before or after", list)
    .option("-a, --assignee <name>", "only of issues of this person, before or after");
}

/** As operations take it, but for the issues. */
export function eventFilter({ flags }: Pick<Invocation, "flags">): Record<string, unknown> {
  return { types: flags["type"], labels: flags["label"], assignee: flags["assignee"] };
}

/** The cursor of `--since`, else the one that the last command left behind. */
export function sinceCursor({ flags, leftCursor }: Pick<Invocation, "flags" | "leftCursor">): unknown {
  if (flags["since"] !== undefined || flags["fromStart"] === true) return flags["since"];
  return leftCursor();
}
