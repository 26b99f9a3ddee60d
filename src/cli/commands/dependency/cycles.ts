import type { dependencyCycles } from "../../../ops/dependency/cycles.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { counted } from "../../present/text/counted-text.ts";

export const dependencyCyclesCommand: CommandDefinition = {
  examples: [["bd dep cycles", "issues that wait for one another"]],
  handlers: [
    handler<typeof dependencyCycles>({
      operation: "dependency.cycles",
      input: () => ({}),
      present({ cycles }, view) {
        view.line();
        if (cycles.length === 0) {
          view.line("✓ No dependency cycles detected");
          return;
        }
        view.line(`⚠ Found ${counted(cycles.length, "dependency cycle")}:`);
        cycles.forEach(({ ids, issues }, index) => {
          view.line();
          view.line(`${index + 1}. ${[...ids, ids[0] ?? ""].join(" → ")}`);
          for (const { id, title } of issues) view.line(`   ${id}: ${title}`);
        });
      },
    }),
  ],
};
