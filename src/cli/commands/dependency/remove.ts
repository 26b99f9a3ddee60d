import type { removeDependency } from "../../../ops/dependency/remove.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const removeDependencyCommand: CommandDefinition = {
  configure(command) {
    command.argument("<issue>", "the issue that is to wait no longer").argument("<depends-on>", "what it waited for");
  },
  examples: [["bd dep remove bd-b2 bd-a1", "bd-b2 waits no longer for bd-a1"]],
  handlers: [
    handler<typeof removeDependency>({
      operation: "dependency.remove",
      input: ({ args: [issue, target] }) => ({ issue, depends_on: target }),
      present: ({ issue_id: id, depends_on_id: target }, view) =>
        view.line(`✓ Removed dependency: ${id} no longer depends on ${target}`),
    }),
  ],
};
