import { BdError } from "../../../errors.ts";
import type { blockIssue } from "../../../ops/dependency/add.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { CYCLE_CHECK_FLAG } from "./add.ts";

export const depCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[issue]", "the issue that comes first")
      .option("-b, --blocks <id>", "the issue that is to wait for it");
  },
  examples: [
    ["bd dep bd-a1 --blocks bd-b2", "bd-b2 waits for bd-a1"],
    ["bd dep add bd-b2 bd-a1", "the same, the other way round"],
    ["bd dep remove bd-b2 bd-a1", "bd-b2 waits no longer"],
    ["bd dep list bd-b2", "what bd-b2 waits for or belongs to"],
    ["bd dep tree bd-b2", "all of it, at any distance"],
    ["bd dep cycles", "issues that wait for one another"],
  ],
  ignored: [CYCLE_CHECK_FLAG],
  handlers: [
    handler<typeof blockIssue>({
      operation: "dependency.block",
      input: ({ args: [issue, ...more], flags: { blocks } }) => {
        if (issue === undefined || more.length > 0 || typeof blocks !== "string") {
          throw new BdError("usage", "BAD_USAGE", "dep needs one of its commands, or an issue and --blocks");
        }
        return { dependencies: [{ issue: blocks, depends_on: issue, type: "blocks" }] };
      },
      present({ dependencies }, view) {
        for (const { issue_id: blocked, depends_on_id: blocker, added } of dependencies) {
          view.line(
            added ? `✓ Added dependency: ${blocker} blocks ${blocked}` : `${blocker} blocks ${blocked} already`,
          );
        }
      },
    }),
  ],
};
