import type { stopDaemon } from "../../../ops/daemon/stop.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const daemonStopCommand: CommandDefinition = {
  examples: [["bd daemon stop", "commands start anew again, each for itself"]],
  handlers: [
    handler<typeof stopDaemon>({
      operation: "daemon.stop",
      input: () => ({}),
      present: ({ pid }, view) =>
        view.line(
          pid === undefined ? "No daemon runs here" : `${view.style("green", "✓")} Daemon stopped (PID ${pid})`,
        ),
    }),
  ],
};
