import type { setConnection } from "../../../ops/dolt/set.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const doltSetCommand: CommandDefinition = {
  configure: (command) =>
    void command
      .argument("<key>", "database, host, port, socket, user or federation.remote")
      .argument("<value>", "what it becomes")
      .option("--update-config", "put it into config.yaml too, for the team"),
  examples: [
    ["bd dolt set port 3308", "connect to another port from now on"],
    ["bd dolt set host 10.0.0.5 --update-config", "for everybody who clones the project"],
    ["bd dolt set federation.remote https://tracker.example.org/team/app", "where it is pushed to and pulled from"],
  ],
  handlers: [
    handler<typeof setConnection>({
      operation: "dolt.set",
      input: ({ args: [key, value], flags }) => ({ key, value, update_config: flags["updateConfig"] === true }),
      present: ({ key, value, locations }, view) => view.line(`Set ${key} = ${value} (in ${locations.join(" and ")})`),
    }),
  ],
};
