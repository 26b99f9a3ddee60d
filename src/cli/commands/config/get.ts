import type { explainConfig } from "../../../ops/config/explain.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const configGetCommand: CommandDefinition = {
  configure: (command) => void command.argument("<key>"),
  examples: [["bd config get status.custom", "the value that counts"]],
  handlers: [
    handler<typeof explainConfig>({
      operation: "config.explain",
      input: ({ args: [key] }) => ({ key }),
      present: ({ key, value }, view) => view.line(value ?? `${key} (not set)`),
      json: ({ key, value }) => ({ key, value: value ?? "" }),
    }),
  ],
};
