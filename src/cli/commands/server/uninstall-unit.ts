import type { uninstallServerUnit } from "../../../ops/server/uninstall-unit.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const serverUninstallUnitCommand: CommandDefinition = {
  examples: [["bd server uninstall-unit", "stop the unit's server and remove the units; the data stays"]],
  handlers: [
    handler<typeof uninstallServerUnit>({
      operation: "server.uninstall-unit",
      input: () => ({}),
      present: ({ removed, kept, dataDir }, view) => {
        if (removed.length + kept.length === 0) return view.line("No unit of ours is installed; nothing was removed");
        for (const path of removed) view.line(`${view.style("green", "✓")} Removed ${path}`);
        for (const path of kept) view.line(`  Kept ${path}, which is not ours, or was changed by hand`);
        view.line(`  Data: ${dataDir} (unchanged)`);
      },
    }),
  ],
};
