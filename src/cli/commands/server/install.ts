import type { installOwnDolt } from "../../../ops/server/install.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const serverInstallCommand: CommandDefinition = {
  examples: [["bd server install", "find a dolt that is new enough, or obtain one"]],
  handlers: [
    handler<typeof installOwnDolt>({
      operation: "server.install",
      input: () => ({}),
      present: ({ path, version, source }, view) => view.line(`dolt ${version} from ${source}: ${path}`),
    }),
  ],
};
