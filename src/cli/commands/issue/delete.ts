import { command } from "../../../errors.ts";
import type { Deletion, deleteTheIssues } from "../../../ops/issue/delete.ts";
import { type CommandDefinition, handler, type Invocation, type View } from "../../command.ts";
import { textOf } from "../../input/content-flags.ts";
import { issueName } from "../../present/issue-name.ts";
import { counted } from "../../present/text/counted-text.ts";

export const deleteCommand: CommandDefinition = {
  configure(command_) {
    command_
      .argument("[ids...]", "issues; with --force by their whole ids")
      .option("-f, --force", "delete them; without it, only say what that would do")
      .option("--cascade", "all issues that depend on them, too, directly or by way of others")
      .option("--dry-run", "only say what would be deleted, with --force too")
      .option("--from-file <file>", "ids from a file, one a line, - for standard input")
      .option("-r, --reason <text>", "why, for the history");
  },
  examples: [
    ["bd delete bd-a1b2", "what would go with it, and which issues depend on it"],
    ["bd delete bd-a1b2 --force", "delete it; bd restore bd-a1b2 brings it back"],
    ["bd delete bd-a1b2 --cascade --dry-run", "with all that depends on it"],
  ],
  handlers: [
    handler<typeof deleteTheIssues>({
      operation: "issue.delete",
      input: async (invocation) => ({
        ids: [...invocation.args, ...(await idsFromFile(invocation))],
        force: invocation.flags["force"] === true,
        cascade: invocation.flags["cascade"] === true,
        dry_run: invocation.flags["dryRun"] === true,
        reason: await invocation.text("reason"),
      }),
      present({ deletion }, view) {
        if (deletion?.isPreview === true) presentPreview(deletion, view);
        else if (deletion !== undefined) presentDeleted(deletion, view);
      },
    }),
  ],
};

/** Empty lines and those that begin with `#` are none. */
async function idsFromFile({ flags, readText }: Invocation): Promise<string[]> {
  const file = textOf(flags, "fromFile");
  if (file === undefined) return [];
  const lines = (await readText(file)).split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

function presentDeleted({ issues, dependencies, orphaned, renamed }: Deletion, view: View): void {
  for (const issue of issues) view.line(`${view.style("green", "✓")} Deleted ${issueName(issue)}`);
  view.line(
    `  Removed ${counted(dependencies.length, "dependency link")}, updated texts of ${counted(renamed.length, "issue")}`,
  );
  if (orphaned.length > 0) view.line(`  No longer waiting for it: ${orphaned.join(", ")}`);
  const [{ id } = { id: "" }] = issues;
  if (issues.length > 1) view.line("  Bring all back: bd undo");
  view.line(`  Bring ${issues.length > 1 ? "one" : "it"} back: ${command`bd restore ${id}`}`);
}

function presentPreview({ issues, dependencies, orphaned, renamed }: Deletion, view: View): void {
  const going = new Set(issues.map(({ id }) => id));
  view.line(`${view.style("yellow", "⚠")} DELETE PREVIEW: nothing was deleted`);
  view.line();
  view.line(`${issues.length === 1 ? "Issue" : `${issues.length} issues`} to delete:`);
  for (const { id, title } of issues) view.line(`  ${id}: ${title}`);
  view.line();
  view.line(`Dependency links to remove: ${dependencies.length}`);
  for (const { issue_id, depends_on_id, type } of dependencies) {
    view.line(`  ${issue_id} → ${depends_on_id} (${going.has(issue_id) ? type : `${type}, inbound`})`);
  }
  if (orphaned.length > 0) view.line(`Issues that depend on it and stay: ${orphaned.join(", ")}`);
  if (renamed.length > 0) view.line(`Issues whose texts will say [deleted:ID]: ${renamed.join(", ")}`);
  view.line();
  const ids = issues.map(({ id }) => id);
  view.line(`To delete: ${command`bd delete --force ${ids}`}`);
  view.line("bd restore brings deleted issues back from the history.");
}
