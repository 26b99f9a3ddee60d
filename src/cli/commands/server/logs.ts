import type { ownServerLogs } from "../../../ops/server/logs.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { count } from "../../input/flag-parsers.ts";

export const serverLogsCommand: CommandDefinition = {
  configure: (command) => void command.option("-n, --lines <count>", "show that many of the last lines", count, 50),
  examples: [
    ["bd server logs", "what our server said last"],
    ["bd server logs -n 500", "more of it"],
  ],
  handlers: [
    handler<typeof ownServerLogs>({
      operation: "server.logs",
      input: ({ flags }) => ({ lines: flags["lines"] }),
      present: ({ lines }, view) => lines.forEach((line) => view.line(line)),
    }),
  ],
};
