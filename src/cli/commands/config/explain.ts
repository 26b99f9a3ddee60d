import type { SettingHome } from "../../../config/setting-homes.ts";
import type { explainConfig } from "../../../ops/config/explain.ts";
import { type CommandDefinition, handler } from "../../command.ts";

const HOMES: Readonly<Record<SettingHome, string>> = {
  project: ".beads/config.yaml, shared by git",
  person: "~/.config/bd/config.yaml, yours alone",
  metadata: ".beads/metadata.json",
  database: "the table config, with the issues",
  credentials: "the environment or the credentials file",
  git: "git's own configuration",
};

export const configExplainCommand: CommandDefinition = {
  configure: (command) => void command.argument("<key>"),
  examples: [["bd config explain dolt.port", "which value counts, who says so, and who is not heard"]],
  handlers: [
    handler<typeof explainConfig>({
      operation: "config.explain",
      input: ({ args: [key] }) => ({ key }),
      present: ({ key, value, home, source, losers }, view) => {
        view.line(value === undefined ? `${key} (not set)` : `${key} = ${value}`);
        if (source !== undefined) view.line(`  from: ${source}`);
        view.line(`  home: ${HOMES[home]}`);
        for (const loser of losers) view.line(`  not used: ${loser.value} (${loser.source})`);
      },
      json: ({ key, value, home, source, losers }) => ({ key, value: value ?? "", home, source, losers }),
    }),
  ],
};
