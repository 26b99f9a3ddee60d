import type { version } from "../../ops/version.ts";
import { type CommandDefinition, handler } from "../command.ts";

export const versionCommand: CommandDefinition = {
  examples: [["bd version", "which bd this is"]],
  handlers: [
    handler<typeof version>({
      operation: "version",
      input: () => ({}),
      present: (output, view) => view.line(`bd version ${output.version}`),
      json: ({ version }) => ({ version, build: "typescript" }),
    }),
  ],
};
