import type { stopOwnServer } from "../../../ops/server/stop.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const serverStopCommand: CommandDefinition = {
  examples: [["bd server stop", "end the server that bd server start started, and no other"]],
  handlers: [
    handler<typeof stopOwnServer>({
      operation: "server.stop",
      input: () => ({}),
      present: ({ outcome, pid }, view) => {
        if (outcome === "stopped") view.line(`${view.style("green", "✓")} Dolt server stopped (PID ${pid})`);
        else view.line("Our Dolt server does not run; nothing was stopped");
      },
    }),
  ],
};
