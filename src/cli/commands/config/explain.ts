import type { SettingHome, Trust } from "../../../config/settings/setting-table.ts";
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

const SAID_BY: Readonly<Record<Trust, string>> = {
  person: "you, and no project",
  project: "you and the project",
  stricter: "you and the project, whoever is stricter",
  database: "the project's database",
};

export const configExplainCommand: CommandDefinition = {
  configure: (command) => void command.argument("<key>"),
  examples: [["bd config explain dolt.port", "which value counts, who says so, and who is not heard"]],
  handlers: [
    handler<typeof explainConfig>({
      operation: "config.explain",
      input: ({ args: [key] }) => ({ key }),
      present: ({ key, summary, value, problem, home, trust, source, losers }, view) => {
        view.line(value === undefined ? `${key} (not set)` : `${key} = ${value}`);
        if (problem !== undefined) view.line(`  wrong: ${problem}`);
        if (source !== undefined) view.line(`  from: ${source}`);
        view.line(`  home: ${HOMES[home]}`);
        view.line(`  said by: ${SAID_BY[trust]}`);
        view.line(`  what it is: ${summary}`);
        for (const loser of losers) view.line(`  not used: ${loser.value} (${loser.source}): ${loser.why}`);
      },
    }),
  ],
};
