import type { UndoResult, undoCommit } from "../../../ops/history/undo.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { changeLines } from "../../present/change-lines.ts";
import { shortHash } from "../../present/text/counted-text.ts";

export const undoCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[commit]", "a commit of bd dolt log or bd history (default: your last one)")
      .option("--dry-run", "only say what would change");
  },
  examples: [
    ["bd undo", "take back what you did last; again, and it is done again"],
    ["bd undo --dry-run", "look before"],
    ["bd undo 8kq3vd2h", "take back what a commit did, whoever made it"],
  ],
  handlers: [
    handler<typeof undoCommit>({
      operation: "history.undo",
      input: ({ args, flags }) => ({ commit: args[0], dry_run: flags["dryRun"] === true }),
      present: presentUndone,
    }),
  ],
};

function presentUndone({ commit, changes, dryRun }: UndoResult, view: View): void {
  const { style } = view;
  const name = `${style("yellow", shortHash(commit.hash))} ${commit.message} (${commit.actor})`;
  if (changes.length === 0) return view.line(`Nothing to undo: all is as it was before ${name}`);
  view.line(`${dryRun ? "Would undo" : `${style("green", "✓")} Undid`} ${name}`);
  const byIssue = Map.groupBy(changes, (change) => ("issue_id" in change ? change.issue_id : ""));
  for (const [id, own] of byIssue) {
    if (id !== "") view.line(`  ${style("bold", id)}`);
    for (const line of changeLines(own, id, view)) view.line(`    ${line.replaceAll("\n", "\n      ")}`);
    for (const change of own) if (change.type === "config_changed") view.line(`  setting ${change.key}`);
  }
}
