import type { whereAmI } from "../../../ops/workspace/where.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const whereCommand: CommandDefinition = {
  examples: [
    ["bd where", "which workspace is used here"],
    ["bd where --json", "the same for a program"],
  ],
  handlers: [
    handler<typeof whereAmI>({
      operation: "workspace.where",
      input: () => ({}),
      present({ workspace, database, server, prefix, obstacle }, view) {
        view.line(workspace.beadsDir);
        if (workspace.redirectedFrom !== undefined) view.line(`  (via redirect from ${workspace.redirectedFrom})`);
        if (prefix !== undefined) view.line(`  prefix: ${prefix}`);
        if (database !== undefined) view.line(`  database: ${database}`);
        if (server !== undefined) view.line(`  server: ${server}`);
        if (obstacle !== undefined) view.note(`  ${obstacle.message}`);
      },
    }),
  ],
};
