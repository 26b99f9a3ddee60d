import type { listConfig } from "../../../ops/config/list.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const configListCommand: CommandDefinition = {
  examples: [["bd config list", "the settings that travel with the issues"]],
  handlers: [
    handler<typeof listConfig>({
      operation: "config.list",
      input: () => ({}),
      present: ({ settings }, view) => {
        view.line("Configuration:");
        for (const [key, value] of Object.entries(settings)) view.line(`  ${key} = ${value}`);
        view.note("Where a value comes from, those of files included: bd config explain KEY");
      },
    }),
  ],
};
