import type { commitWorkingSet } from "../../../ops/dolt/commit.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const doltCommitCommand: CommandDefinition = {
  configure(command) {
    command
      .option("-m, --message <text>", "message of the commit, - for standard input", "bd: commit uncommitted changes")
      .option("--stdin", "message from standard input");
  },
  examples: [
    ["bd dolt commit", "commit what other programs left uncommitted"],
    ['bd dolt commit -m "manual repair"', "with a message"],
  ],
  handlers: [
    handler<typeof commitWorkingSet>({
      operation: "dolt.commit",
      input: async ({ flags, text, readStdin }) => ({
        message: flags["stdin"] === true ? (await readStdin()).trimEnd() : await text("message"),
      }),
      present: ({ commit }, view) => view.line(commit === undefined ? "Nothing to commit." : "Committed."),
    }),
  ],
};
