import { Argument } from "commander";
import type { tellDaemon } from "../../../ops/daemon/event.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const daemonEventCommand: CommandDefinition = {
  configure: (command) =>
    void command.addArgument(
      new Argument("<event>", "what is due").choices(["import-needed", "export-needed", "tracker-changed"]),
    ),
  examples: [["bd daemon event import-needed", "in a git hook: the file has changed; silent where no daemon runs"]],
  handlers: [
    handler<typeof tellDaemon>({
      operation: "daemon.event",
      input: ({ args }) => ({ event: args[0] }),
      present: () => {},
    }),
  ],
};
