import type { CommandDefinition } from "../../command.ts";
import { addOutputFlags, listCommand } from "./list.ts";

/** `bd list --parent <id>`. */
export const childrenCommand: CommandDefinition = {
  configure(command) {
    command.argument("<id>", "the parent, or a part of its id").option("--all", "closed ones too, without a limit");
    addOutputFlags(command);
  },
  examples: [
    ["bd children bd-9", "what belongs to bd-9 and is not closed"],
    ["bd children bd-9 --all --flat", "all of it, one line each"],
  ],
  handlers: listCommand.handlers.map((list) => ({
    ...list,
    input: ({ args: [parent], ...invocation }) =>
      list.input({ ...invocation, args: [], flags: { ...invocation.flags, parent } }),
  })),
};
