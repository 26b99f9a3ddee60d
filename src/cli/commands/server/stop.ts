import type { stopOwnServer } from "../../../ops/server/stop.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const serverStopCommand: CommandDefinition = {
  examples: [["bd server stop", "end the server that bd server start started, and no other"]],
  handlers: [
    handler<typeof stopOwnServer>({
      operation: "server.stop",
      input: () => ({}),
      present: ({ outcome, pid }, view) =>
        view.line(
          outcome === "stopped"
            ? `${view.style("green", "✓")} Dolt server stopped (PID ${pid})`
            : "Our Dolt server does not run; nothing was stopped",
        ),
      json: ({ outcome, pid }) => ({ outcome, pid }),
    }),
  ],
};
