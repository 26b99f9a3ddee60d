import { BdError } from "../../../errors.ts";
import type { countMatching } from "../../../ops/issue/count.ts";
import { type CommandDefinition, type Flags, handler } from "../../command.ts";
import { addFilterFlags, filterFromFlags } from "../../input/filter-flags.ts";

const GROUPINGS = [
  ["byStatus", "status"],
  ["byPriority", "priority"],
  ["byType", "type"],
  ["byAssignee", "assignee"],
  ["byLabel", "label"],
] as const;

export const countCommand: CommandDefinition = {
  configure(command) {
    addFilterFlags(command);
    command
      .optionsGroup("Groups (one of them):")
      .option("--by-status", "how many of each status")
      .option("--by-priority", "how many of each priority")
      .option("--by-type", "how many of each type")
      .option("--by-assignee", "how many of each assignee")
      .option("--by-label", "how many with each label; an issue counts under each of its labels");
  },
  examples: [
    ["bd count", "all issues, closed ones too"],
    ["bd count --by-status", "how many of each status"],
    ["bd count -s open --by-assignee", "open work per person"],
  ],
  handlers: [
    handler<typeof countMatching>({
      operation: "issue.count",
      input: ({ flags }) => ({ filter: filterFromFlags(flags), by: grouping(flags) }),
      present({ total, groups }, view) {
        if (groups === undefined) {
          view.line(String(total));
          return;
        }
        view.line(`Total: ${total}`);
        view.line();
        for (const { group, count } of groups) view.line(`${group}: ${count}`);
      },
    }),
  ],
};

/** Throws BdError usage CONTRADICTING_FLAGS for more than one. */
function grouping(flags: Flags): string | undefined {
  const asked = GROUPINGS.filter(([flag]) => flags[flag] === true).map(([, group]) => group);
  if (asked.length > 1) {
    throw new BdError("usage", "CONTRADICTING_FLAGS", "only one --by-* flag can be used at a time");
  }
  return asked[0];
}
