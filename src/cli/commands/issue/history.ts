import { command } from "../../../errors.ts";
import type { HistoryResult, issueHistoryOf } from "../../../ops/issue/history.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { count } from "../../input/flag-parsers.ts";
import { LOCAL_TIME_FLAG } from "../../input/local-time-flag.ts";
import { changeLines } from "../../present/change-lines.ts";
import { counted, shortHash } from "../../present/text/counted-text.ts";
import { cutNote } from "../../present/text/cut-note.ts";
import { shownMinute } from "../../present/text/shown-time.ts";

export const historyCommand: CommandDefinition = {
  configure(command_) {
    command_
      .argument("<id>", "issue, or a part of its id; of a deleted one the whole id")
      .option("-n, --limit <count>", "show that many, 0 for all", count, 0);
  },
  examples: [
    ["bd history bd-a1b2", "who changed it, when, and what; the newest first"],
    ["bd history bd-a1b2 -n 3", "the last three changes"],
    ["bd history bd-a1b2 --json", "with the issue as it was after each, for a program"],
  ],
  ignored: [LOCAL_TIME_FLAG],
  handlers: [
    handler<typeof issueHistoryOf>({
      operation: "issue.history",
      input: ({ args, flags }) => ({ id: args[0], limit: flags["limit"] }),
      present: presentHistory,
      jsonNote: ({ entries, total }) => cutNote(entries.length, total),
    }),
  ],
};

function presentHistory({ id, entries, total, state }: HistoryResult, view: View): void {
  const { style } = view;
  if (state === "wisp") return view.line(`${id} is a wisp: Dolt keeps no history of it`);
  if (total === 0) return view.line(`No commit has changed ${id} yet`);
  view.line(`History of ${style("bold", id)} (${counted(total, "change")})`);
  for (const { commit, changes, movedFrom, session, reason } of entries) {
    const head = [
      style("yellow", shortHash(commit.hash)),
      shownMinute(commit.at, view.zone),
      commit.actor,
      commit.message,
    ];
    view.line();
    view.line(head.join("  "));
    if (movedFrom !== undefined) view.line(`  its id was ${movedFrom} before this merge`);
    for (const line of changeLines(changes, id, view)) view.line(`  ${line.replaceAll("\n", "\n    ")}`);
    if (session !== undefined) view.line(`  session: ${session}`);
    if (reason !== undefined) view.line(`  “${reason}”`);
  }
  if (state === "deleted") {
    view.line();
    view.line(`${id} is deleted; bring it back: ${command`bd restore ${id}`}`);
  }
  const cut = cutNote(entries.length, total);
  if (cut !== undefined) view.note(cut);
}
