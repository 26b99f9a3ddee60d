import type { ping } from "../../../ops/workspace/ping.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const pingCommand: CommandDefinition = {
  examples: [["bd ping", "whether the database answers; exit 0 when it does"]],
  handlers: [
    handler<typeof ping>({
      operation: "workspace.ping",
      input: () => ({}),
      present({ problem, totalMs, resolveMs, storeMs, queryMs }, view) {
        if (problem === undefined) {
          view.line(`ok (${totalMs} ms: resolve ${resolveMs}, store ${storeMs}, query ${queryMs})`);
          return;
        }
        view.line(`error: ${problem.message} (${totalMs} ms)`);
        if (problem.hint !== undefined) view.note(`Hint: ${problem.hint}`);
      },
    }),
  ],
};
