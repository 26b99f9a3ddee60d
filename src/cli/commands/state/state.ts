import type { getState, listStates } from "../../../ops/state/get.ts";
import type { setState } from "../../../ops/state/set.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const stateCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<id>", "issue, or a part of its id")
      .argument("<dimension>", "as in mode, of a label mode:degraded");
  },
  examples: [["bd state bd-a1b2 mode", "the value alone"]],
  handlers: [
    handler<typeof getState>({
      operation: "state.get",
      input: ({ args: [id, dimension] }) => ({ id, dimension }),
      present: ({ dimension, value }, view) => view.line(value ?? `(no ${dimension} state set)`),
    }),
  ],
};

export const stateListCommand: CommandDefinition = {
  configure: (command) => command.argument("<id>", "issue, or a part of its id"),
  examples: [["bd state list bd-a1b2", "every label of the form dimension:value"]],
  handlers: [
    handler<typeof listStates>({
      operation: "state.list",
      input: ({ args: [id] }) => ({ id }),
      present({ id, states }, view) {
        if (states.length === 0) return view.line(`${id} has no state labels`);
        for (const { dimension, value } of states) view.line(`${dimension}: ${value}`);
      },
    }),
  ],
};

export const setStateCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<id>", "issue, or a part of its id")
      .argument("<state>", "dimension=value, as in mode=degraded")
      .option("--reason <text>", "why, as a comment; - for standard input");
  },
  examples: [
    ["bd set-state bd-a1b2 mode=degraded", "the label mode:degraded in place of any other mode"],
    ["bd set-state bd-a1b2 mode=normal --reason 'queue is empty'", "and say why"],
  ],
  handlers: [
    handler<typeof setState>({
      operation: "state.set",
      input: async ({ args: [id, state], text }) => ({ id, state, reason: await text("reason") }),
      present({ id, dimension, oldValue, newValue, changed }, view) {
        if (!changed) return view.line(`(no change: ${dimension} already set to ${newValue})`);
        view.line(`${view.style("green", "✓")} Set ${dimension} = ${newValue} on ${id}`);
        if (oldValue !== undefined) view.line(`  Previous: ${oldValue}`);
      },
    }),
  ],
};
