import { BdError } from "../../../errors.ts";
import type { duplicateIssue, supersedeIssue } from "../../../ops/issue/replace.ts";
import { type CommandDefinition, type Flags, handler } from "../../command.ts";

export const duplicateCommand: CommandDefinition = {
  configure(command) {
    command.argument("<id>", "the issue that says the same").option("--of <id>", "the one that stays");
  },
  examples: [["bd duplicate bd-b2 --of bd-a1", "close bd-b2, and say why"]],
  handlers: [
    handler<typeof duplicateIssue>({
      operation: "issue.duplicate",
      input: ({ args: [id], flags }) => ({ id, by: needed(flags, "of") }),
      present: ({ id, by }, view) =>
        view.line(`${view.style("green", "✓")} Marked ${id} as duplicate of ${by} (closed)`),
    }),
  ],
};

export const supersedeCommand: CommandDefinition = {
  configure(command) {
    command.argument("<id>", "the issue that is out of date").option("--with <id>", "the one in its place");
  },
  examples: [["bd supersede bd-b2 --with bd-a1", "close bd-b2, and say what came in its place"]],
  handlers: [
    handler<typeof supersedeIssue>({
      operation: "issue.supersede",
      input: ({ args: [id], flags }) => ({ id, by: needed(flags, "with") }),
      present: ({ id, by }, view) =>
        view.line(`${view.style("green", "✓")} Marked ${id} as superseded by ${by} (closed)`),
    }),
  ],
};

function needed(flags: Flags, name: "of" | "with"): unknown {
  if (flags[name] === undefined) throw new BdError("usage", "BAD_USAGE", `--${name} has to name the issue that stays`);
  return flags[name];
}
