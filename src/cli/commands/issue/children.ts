import type { listIssues } from "../../../ops/issue/list.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { addOutputFlags, LISTING } from "./list.ts";

/** `bd list --parent <id> --all`: whoever looks at an epic wants to see what is done, too. */
export const childrenCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<id>", "the parent, or a part of its id")
      .option("--all", "as without it: closed ones are always shown");
    addOutputFlags(command);
  },
  examples: [
    ["bd children bd-9", "what belongs to bd-9, closed issues too"],
    ["bd children bd-9 --flat", "the same, one line each"],
    ["bd list --parent bd-9", "what of it is not closed"],
  ],
  handlers: [
    handler<typeof listIssues>({
      ...LISTING,
      input: ({ args: [parent], flags }) => LISTING.input({ flags: { ...flags, parent, all: true } }),
      present(result, view) {
        if (result.issues.length === 0) view.line(`No issues belong to ${view.args[0]}`);
        else LISTING.present(result, view);
      },
    }),
  ],
};
