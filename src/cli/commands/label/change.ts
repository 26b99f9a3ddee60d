import { BdError } from "../../../errors.ts";
import type { addLabel, LabelChange, removeLabel } from "../../../ops/label/change-labels.ts";
import { type CommandDefinition, handler, type Invocation, type View } from "../../command.ts";

export const labelAddCommand: CommandDefinition = {
  configure: (command) => command.argument("<ids...>", "issues, or parts of their ids, then labels, comma separated"),
  endsWithLabel: true,
  examples: [["bd label add bd-a1b2 bd-c3d4 auth", "label two issues auth"]],
  handlers: [
    handler<typeof addLabel>({
      operation: "label.add",
      input: idsAndLabel,
      present: ({ changes }, view) => changes.forEach((change) => presentChange(change, "to", view)),
    }),
  ],
};

export const labelRemoveCommand: CommandDefinition = {
  configure: (command) => command.argument("<ids...>", "issues, or parts of their ids, then labels, comma separated"),
  endsWithLabel: true,
  examples: [["bd label remove bd-a1b2 auth", "take the label off"]],
  handlers: [
    handler<typeof removeLabel>({
      operation: "label.remove",
      input: idsAndLabel,
      present: ({ changes }, view) => changes.forEach((change) => presentChange(change, "from", view)),
    }),
  ],
};

/** The last word is the label. */
function idsAndLabel({ args }: Invocation): { ids: readonly string[]; label: string } {
  const label = args.at(-1);
  if (label === undefined || args.length < 2) {
    throw new BdError("usage", "BAD_USAGE", "an issue and a label are needed");
  }
  return { ids: args.slice(0, -1), label };
}

function presentChange({ issue_id: id, label, status }: LabelChange, word: "to" | "from", view: View): void {
  if (status === "unchanged") {
    view.line(word === "to" ? `${id} already has the label '${label}'` : `${id} has no label '${label}'`);
  } else {
    view.line(`${view.style("green", "✓")} ${status === "added" ? "Added" : "Removed"} label '${label}' ${word} ${id}`);
  }
}
