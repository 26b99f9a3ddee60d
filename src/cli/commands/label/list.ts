import type { listAllLabels, listLabels } from "../../../ops/label/list-labels.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const labelListCommand: CommandDefinition = {
  configure: (command) => command.argument("<id>", "issue, or a part of its id"),
  examples: [["bd label list bd-a1b2", "the labels of one issue"]],
  handlers: [
    handler<typeof listLabels>({
      operation: "label.list",
      input: ({ args }) => ({ id: args[0] }),
      present({ id, labels }, view) {
        if (labels.length === 0) return view.line(`${id} has no labels`);
        ["", `🏷 Labels for ${id}:`, ...labels.map((label) => `  - ${label}`)].forEach(view.line);
      },
    }),
  ],
};

export const labelListAllCommand: CommandDefinition = {
  examples: [["bd label list-all", "every label, and on how many issues it is"]],
  handlers: [
    handler<typeof listAllLabels>({
      operation: "label.list-all",
      input: () => ({}),
      present({ labels }, view) {
        if (labels.length === 0) return view.line("No labels");
        const width = Math.max(...labels.map(({ label }) => label.length));
        view.line();
        view.line(`🏷 All labels (${labels.length} unique):`);
        for (const { label, count } of labels) view.line(`  ${label.padEnd(width)}  (${count} issues)`);
      },
    }),
  ],
};
