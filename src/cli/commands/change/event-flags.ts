import { type Command, InvalidArgumentError } from "commander";
import { CHANGE_STEPS } from "../../../core/changes/change-event.ts";
import type { Invocation } from "../../command.ts";
import { list, repeated } from "../../input/flag-parsers.ts";

const EVENT_TYPES: readonly string[] = CHANGE_STEPS.flat();

function eventTypes(value: string, previous: readonly string[] = []): string[] {
  const types = list(value, previous);
  const unknown = types.find((type) => !EVENT_TYPES.includes(type));
  if (unknown === undefined) return types;
  throw new InvalidArgumentError(`${JSON.stringify(unknown)} is no event; known are ${EVENT_TYPES.join(", ")}.`);
}

/** Which events are wanted. */
export function eventFlags(command: Command): void {
  command
    .option("--issue <id>", "only events of this issue; repeatable", repeated)
    .option("-t, --type <types>", `only these: ${EVENT_TYPES.join(", ")}`, eventTypes)
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
  return leftCursor;
}
