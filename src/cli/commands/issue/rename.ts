import type { renameIssue } from "../../../ops/issue/rename.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const renameCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<id>", "issue, or a part of its id")
      .argument("<new-id>", "its new id, whole")
      .option("--force", "allow an id with a foreign prefix");
  },
  examples: [["bd rename bd-a1b2 bd-login", "wherever the id stands, in texts too; numbered children come along"]],
  handlers: [
    handler<typeof renameIssue>({
      operation: "issue.rename",
      input: ({ args: [id, to], flags }) => ({ id, to, force: flags["force"] === true }),
      present({ ids }, view) {
        const [first, ...children] = ids;
        if (first !== undefined) view.line(`${view.style("green", "✓")} Renamed ${first[0]} → ${first[1]}`);
        for (const [from, to] of children) view.line(`  ${from} → ${to}`);
      },
    }),
  ],
};
