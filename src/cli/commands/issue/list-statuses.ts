import type { listStatuses } from "../../../ops/issue/list-statuses.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { statusMark } from "../../present/status-mark.ts";
import { styled } from "../../present/text/segments.ts";

export const statusesCommand: CommandDefinition = {
  examples: [["bd statuses", "what -s may say here"]],
  handlers: [
    handler<typeof listStatuses>({
      operation: "issue.statuses",
      input: () => ({}),
      present({ built_in_statuses: builtIn, custom_statuses: custom }, { line, style }) {
        const row = (name: string, category: string) =>
          `  ${styled([statusMark(name)], style)} ${name.padEnd(14)} [${category.padEnd(6)}]`;
        line("Built-in statuses:");
        for (const { name, category, description } of builtIn) line(`${row(name, category)}  ${description}`);
        line();
        line(
          custom.length === 0
            ? "No custom statuses configured: bd config set status.custom name:active|wip|done|frozen,…"
            : "Custom statuses:",
        );
        for (const { name, category } of custom) line(row(name, category));
      },
    }),
  ],
};
