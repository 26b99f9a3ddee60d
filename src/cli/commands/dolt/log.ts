import type { showLog } from "../../../ops/dolt/log.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { count } from "../../input/flag-parsers.ts";
import { cutNote } from "../../present/text/cut-note.ts";
import { shownMinute } from "../../present/text/shown-time.ts";

export const doltLogCommand: CommandDefinition = {
  configure: (command) => void command.option("-n, --limit <count>", "show that many, 0 for all", count, 20),
  examples: [
    ["bd dolt log", "the last commits of the database"],
    ["bd dolt log -n 0 --json", "all of them, for a program"],
  ],
  handlers: [
    handler<typeof showLog>({
      operation: "dolt.log",
      input: ({ flags }) => ({ limit: flags["limit"] }),
      present({ commits, total }, view) {
        for (const { hash, date, author, message } of commits) {
          view.line(
            `${view.style("yellow", hash.slice(0, 8))}  ${shownMinute(date, view.zone)}  ${author}  ${message}`,
          );
        }
        const cut = cutNote(commits.length, total);
        if (cut !== undefined) view.note(cut);
      },
      jsonNote: ({ commits, total }) => cutNote(commits.length, total),
    }),
  ],
};
