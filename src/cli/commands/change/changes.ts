import { BdError, command } from "../../../errors.ts";
import type { listChanges } from "../../../ops/change/list.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { eventLine } from "../../present/event-line.ts";
import { eventFilter, eventFlags, sinceCursor } from "./event-flags.ts";

export const changesCommand: CommandDefinition = {
  configure(line) {
    line
      .option("--since <cursor>", "from there on (default: where the last command left BD_CURSOR_FILE)")
      .option("--from-start", "everything that ever happened")
      .option("--to <commit>", "until that commit (default: the newest)");
    eventFlags(line);
  },
  examples: [
    ["bd changes --from-start", "everything that ever happened, the oldest first"],
    ["bd changes --since uipbrss8u6ni9thqonfttrpduc7phvnr", "what happened after that commit"],
    ["bd changes --from-start --type closed --json", "all closed issues, a line of JSON for each"],
  ],
  handlers: [
    handler<typeof listChanges>({
      operation: "change.list",
      input(invocation) {
        const { flags } = invocation;
        const since = sinceCursor(invocation);
        if (since === undefined && flags["fromStart"] !== true) throw noBeginning();
        return { since, to: flags["to"], filter: { ...eventFilter(invocation), issues: flags["issue"] } };
      },
      events: () => ({ line: eventLine }),
      present({ cursor, events }, view) {
        view.note(events === 0 ? `Nothing happened since ${cursor}` : `Go on with --since=${cursor}`);
      },
    }),
  ],
};

function noBeginning(): BdError {
  return new BdError("usage", "NO_CURSOR", "nothing says from where on: --since CURSOR, or --from-start", {
    hint: command`bd changes --from-start`,
  });
}
