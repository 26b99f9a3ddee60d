import type { showVersion } from "../../ops/version.ts";
import { type CommandDefinition, handler } from "../command.ts";

export const versionCommand: CommandDefinition = {
  examples: [["bd version", "which bd this is"]],
  handlers: [
    handler<typeof showVersion>({
      operation: "version",
      input: () => ({}),
      present: (output, view) => view.line(`bd version ${output.version}`),
    }),
  ],
};
