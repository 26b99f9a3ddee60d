import type { listTypes } from "../../../ops/issue/list-types.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const typesCommand: CommandDefinition = {
  examples: [["bd types", "what -t may say here"]],
  handlers: [
    handler<typeof listTypes>({
      operation: "issue.types",
      input: () => ({}),
      present({ core_types: core, custom_types: custom }, view) {
        view.line("Core work types (built-in):");
        for (const { name, description } of core) view.line(`  ${name.padEnd(14)} ${description}`);
        view.line();
        view.line(custom.length === 0 ? "No custom types configured: bd config set types.custom a,b" : "Custom types:");
        for (const name of custom) view.line(`  ${name}`);
      },
    }),
  ],
};
