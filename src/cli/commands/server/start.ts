import type { startOwnServer } from "../../../ops/server/start.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { addPlaceFlags, placeFromFlags } from "./place-flags.ts";

export const serverStartCommand: CommandDefinition = {
  configure: addPlaceFlags,
  examples: [
    ["bd server start", "a server for this machine, until it is stopped"],
    ["bd server start --port 3308", "on another port"],
  ],
  handlers: [
    handler<typeof startOwnServer>({
      operation: "server.start",
      input: ({ flags }) => placeFromFlags(flags),
      present: ({ outcome, pid, host, port, dataDir, logFile, unit }, view) => {
        const state = outcome === "started" ? "started" : "runs already";
        view.line(`${view.style("green", "✓")} Dolt server ${state} (PID ${pid}, ${host}:${port})`);
        view.line(`  Data: ${dataDir}`);
        view.line(`  Log:  ${unit === undefined ? logFile : `journalctl --user -u ${unit}`}`);
      },
    }),
  ],
};
