import type { BlockedResult, blockedIssues } from "../../../ops/issue/blocked.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { addColumnsFlag } from "../../input/columns-flag.ts";
import { askedFor } from "../../present/asked-for.ts";
import { listOptions, presentList } from "../../present/issue-list.ts";
import { counted } from "../../present/text/counted-text.ts";

export const blockedCommand: CommandDefinition = {
  configure(command) {
    command.option("--parent <id>", "below that issue, at any depth").option("--mine", "assigned to you");
    addColumnsFlag(command);
  },
  examples: [
    ["bd blocked", "what waits, and for what"],
    ["bd blocked --json", "the same for a program"],
  ],
  handlers: [
    handler<typeof blockedIssues>({
      operation: "issue.blocked",
      input: ({ flags }) => ({ mine: flags["mine"] === true, below: flags["parent"] }),
      present(result, view) {
        const { issues } = result;
        if (issues.length === 0) view.line(`✨ No blocked issues${askedFor(view.flags)}`);
        else {
          const lines = issues.map((issue) => ({ issue: { ...issue, waits: issue.blocked_by } }));
          presentList(lines, view, listOptions(view.flags));
        }
        const note = byHandNote(result);
        if (note !== undefined) view.note(note);
      },
      jsonNote: byHandNote,
    }),
  ],
};

/** Somebody says that these are blocked; what they wait for stands nowhere. */
function byHandNote({ byHand }: BlockedResult): string | undefined {
  if (byHand.length === 0) return undefined;
  const they = byHand.length === 1 ? "has" : "have";
  return `${counted(byHand.length, "more issue")} ${they} the status blocked without waiting for another (bd list --status blocked)`;
}
