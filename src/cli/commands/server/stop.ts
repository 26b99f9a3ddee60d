import type { stopOwnServer } from "../../../ops/server/stop.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const serverStopCommand: CommandDefinition = {
  examples: [["bd server stop", "end the server that bd server start started, and no other"]],
  handlers: [
    handler<typeof stopOwnServer>({
      operation: "server.stop",
      input: () => ({}),
      present: ({ outcome, pid, unit }, view) => {
        if (outcome === "stopped") view.line(`${view.style("green", "✓")} Dolt server stopped (PID ${pid})`);
        else if (unit === undefined) view.line("Our Dolt server does not run; nothing was stopped");
        else
          view.line(
            `systemd runs the server, as ${unit}; nothing was stopped. Next: systemctl --user stop dolt-server`,
          );
      },
      json: ({ outcome, pid, unit }) => ({ outcome, pid, unit }),
    }),
  ],
};
