import type { commitWorkingSet } from "../../../ops/dolt/commit.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const doltCommitCommand: CommandDefinition = {
  configure: (command) =>
    void command.option(
      "-m, --message <text>",
      "message of the commit, - for standard input",
      "bd: commit uncommitted changes",
    ),
  examples: [
    ["bd dolt commit", "commit what other programs left uncommitted"],
    ['bd dolt commit -m "manual repair"', "with a message"],
  ],
  unsupported: ["--stdin"],
  handlers: [
    handler<typeof commitWorkingSet>({
      operation: "dolt.commit",
      input: async ({ text }) => ({ message: await text("message") }),
      present: ({ commit }, view) => view.line(commit === undefined ? "Nothing to commit." : "Committed."),
    }),
  ],
};
