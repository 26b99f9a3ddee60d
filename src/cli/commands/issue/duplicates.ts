import type { Duplicates, findDuplicates, mergeDuplicates } from "../../../ops/issue/duplicates.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { counted } from "../../present/text/counted-text.ts";

export const duplicatesCommand: CommandDefinition = {
  configure(command) {
    command
      .option("--auto-merge", "close all but one of each group, as bd duplicate does")
      .option("--dry-run", "only say what would be closed");
  },
  examples: [["bd duplicates", "issues that say the same, word for word, and which of each group would stay"]],
  handlers: [
    handler<typeof mergeDuplicates>({
      when: ({ autoMerge, dryRun }) => autoMerge === true && dryRun !== true,
      operation: "issue.merge-duplicates",
      input: () => ({}),
      present,
    }),
    handler<typeof findDuplicates>({ operation: "issue.duplicates", input: () => ({}), present }),
  ],
};

function present({ groups, merged }: Duplicates, view: View): void {
  if (groups.length === 0) return view.line("No duplicates found");
  for (const { issues, target } of groups) {
    view.line(view.style("bold", target.title));
    for (const issue of issues) {
      const becomes = issue === target ? "stays" : merged ? `closed: Duplicate of ${target.id}` : "would be closed";
      view.line(`  ${issue.id}  P${issue.priority}  ${counted(issue.references, "reference")}  ${becomes}`);
    }
  }
  view.line();
  const found = counted(groups.length, "group");
  view.line(
    merged ? `${view.style("green", "✓")} Merged ${found}` : `${found}. To close them: bd duplicates --auto-merge`,
  );
}
