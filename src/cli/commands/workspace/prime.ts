import type { prime } from "../../../ops/workspace/prime.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const primeCommand: CommandDefinition = {
  configure(command) {
    command
      .option("--full", "with commands that are needed less often")
      .option("--mcp", "a reminder of a few lines")
      .option("--stealth", "without pull and push")
      .option("--export", "our own text, whatever PRIME.md says");
  },
  examples: [
    ["bd prime", "for the start of an agent's session"],
    ["bd prime --export > .beads/PRIME.md", "a text of the project's own, to change"],
  ],
  handlers: [
    handler<typeof prime>({
      operation: "workspace.prime",
      input: ({ flags }) => ({
        brief: flags["mcp"] === true && flags["full"] !== true,
        full: flags["full"] === true,
        stealth: flags["stealth"] === true,
        export: flags["export"] === true,
      }),
      present({ text }, view) {
        if (text !== "") for (const line of text.trimEnd().split("\n")) view.line(line);
      },
    }),
  ],
};
