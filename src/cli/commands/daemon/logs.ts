import type { daemonLogs } from "../../../ops/daemon/logs.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { count } from "../../input/flag-parsers.ts";

export const daemonLogsCommand: CommandDefinition = {
  configure: (command) => void command.option("-n, --lines <count>", "show that many of the last lines", count, 50),
  examples: [["bd daemon logs", "when the daemon began and ended, and what went wrong"]],
  handlers: [
    handler<typeof daemonLogs>({
      operation: "daemon.logs",
      input: ({ flags }) => ({ lines: flags["lines"] }),
      present: ({ lines }, view) => lines.forEach((line) => view.line(line)),
    }),
  ],
};
