import type { RestoreResult, restoreIssue } from "../../../ops/issue/restore.ts";
import type { restoreAll } from "../../../ops/issue/restore-all.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { counted, shortHash } from "../../present/text/counted-text.ts";

export const restoreCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<deleted-ids...>", "deleted issues, by their whole ids")
      .option("--from <commit>", "as it was in that commit (default: the last one in which it was there)")
      .option("--dry-run", "only say what would come back");
  },
  examples: [
    ["bd restore bd-a1b2", "bring a deleted issue back, with labels, comments and dependencies"],
    ["bd restore bd-a1b2 bd-c3d4", "several, one commit each"],
    ["bd restore bd-a1b2 --dry-run", "look before"],
    ["bd restore --from=8kq3vd2h bd-a1b2", "as it was in a commit of bd dolt log"],
  ],
  handlers: [
    handler<typeof restoreAll>({
      when: (_flags, args) => args.length > 1,
      operation: "issue.restore-all",
      input: ({ args, flags }) => ({ ids: args, from: flags["from"], dry_run: flags["dryRun"] === true }),
      present: ({ restored }, view) => restored.forEach((one) => presentRestored(one, view)),
    }),
    handler<typeof restoreIssue>({
      operation: "issue.restore",
      input: ({ args, flags }) => ({ id: args[0], from: flags["from"], dry_run: flags["dryRun"] === true }),
      present: presentRestored,
    }),
  ],
};

function presentRestored(
  { issue, dependents, commit, moved, takenBack, leftOut, circles, dryRun }: RestoreResult,
  view: View,
): void {
  const { labels = [], dependencies = [], comments = [] } = issue;
  const done = dryRun ? "Would restore" : `${view.style("green", "✓")} Restored`;
  view.line(`${done} ${issue.id} — ${issue.title} (as it was in commit ${shortHash(commit)})`);
  const count = dependencies.length + dependents;
  const edges = count === 1 ? "1 dependency" : `${count} dependencies`;
  view.line(`  With ${counted(labels.length, "label")}, ${counted(comments.length, "comment")}, ${edges}`);
  if (moved !== undefined) view.line(`  ${moved.from} is "${moved.holder}" now, and stays so`);
  for (const { issue_id, depends_on_id } of takenBack) {
    const [from, to] = issue_id === moved?.from ? [issue.id, depends_on_id] : [issue_id, issue.id];
    view.line(`  Taken back: ${issue_id} depends on ${depends_on_id} is ${from} depends on ${to} now`);
  }
  for (const { issueId, dependsOnId } of leftOut) {
    const gone = issueId === (moved?.from ?? issue.id) ? dependsOnId : issueId;
    view.line(`  Left out: ${issueId} depends on ${dependsOnId}, because ${gone} is not there any more`);
  }
  for (const ids of circles) {
    view.line(
      `  ${view.style("yellow", "⚠")} Nobody in this circle can ever be ready: ${[...ids, ids[0]].join(" → ")}`,
    );
  }
}
