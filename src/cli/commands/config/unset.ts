import type { unsetConfig } from "../../../ops/config/unset.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const configUnsetCommand: CommandDefinition = {
  configure: (command) => void command.argument("<key>"),
  examples: [["bd config unset status.custom", "back to the built-in statuses"]],
  handlers: [
    handler<typeof unsetConfig>({
      operation: "config.unset",
      input: ({ args: [key] }) => ({ key }),
      present: ({ key, changed }, view) => view.line(changed ? `Unset ${key}` : `${key} (not set)`),
    }),
  ],
};
