import type { getConfig } from "../../../ops/config/explain.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const configGetCommand: CommandDefinition = {
  configure: (command) => void command.argument("<key>"),
  examples: [["bd config get status.custom", "the value that counts"]],
  handlers: [
    handler<typeof getConfig>({
      operation: "config.get",
      input: ({ args: [key] }) => ({ key }),
      present: ({ key, value }, view) => view.line(value ?? `${key} (not set)`),
    }),
  ],
};
