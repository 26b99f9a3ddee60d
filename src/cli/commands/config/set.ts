import type { setConfig } from "../../../ops/config/set.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const configSetCommand: CommandDefinition = {
  configure: (command) =>
    void command.argument("<key>", "as bd config list shows them").argument("<value>", "what it becomes"),
  examples: [
    ["bd config set status.custom review:wip,shipped:done", "statuses of your own"],
    ["bd config set types.custom incident,merge-request", "issue types of your own"],
    ["bd config set actor ada", "your name, on this machine"],
  ],
  unsupported: ["--force-git-tracked"],
  handlers: [
    handler<typeof setConfig>({
      operation: "config.set",
      input: ({ args: [key, value] }) => ({ key, value }),
      present: ({ key, value, location }, view) => {
        const place = location === "the table config" ? "" : ` (in ${location})`;
        view.line(`Set ${key} = ${value}${place}`);
      },
    }),
  ],
};
