import { childrenOf, type IssueDetails, type ShowResult, type showIssues } from "../../../ops/issue/show.ts";
import { type CommandDefinition, type Flags, handler, type View } from "../../command.ts";
import { repeated } from "../../input/values.ts";
import { issueDetails, linkLine } from "../../present/issue-details.ts";
import { shortLine } from "../../present/issue-line.ts";
import { shownZone } from "../../present/shown-time.ts";

export const showCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[ids...]", "issues, or parts of their ids; the one touched last when none is given")
      .option("--short", "one line each")
      .option("--long", "all fields")
      .option("--refs", "what points to it, by kind")
      .option("--children", "what belongs to it")
      .option("--current", "the issue that was touched last")
      .option("--id <id>", "an id that looks like a flag, repeatable", repeated)
      .option("--local-time", "times on the clock of this machine instead of UTC");
  },
  examples: [
    ["bd show bd-a1b2", "everything about one issue"],
    ["bd show a1b2 c3d4 --short", "one line each; parts of ids will do"],
    ["bd show bd-a1b2 --json", "for a program"],
  ],
  unsupported: ["--as-of <ref>", "--thread", "-w, --watch"],
  handlers: [
    handler<typeof showIssues>({
      operation: "issue.show",
      input: ({ args, flags }) => ({
        ids: flags["current"] === true ? [] : [...args, ...idsOf(flags)],
        part: ["refs", "children"].find((part) => flags[part] === true),
      }),
      present: presentShow,
    }),
  ],
};

const SEPARATOR = "─".repeat(60);

function idsOf({ id }: Flags): readonly unknown[] {
  return Array.isArray(id) ? id : [];
}

function presentShow({ issues }: ShowResult, view: View): void {
  const { flags, style } = view;
  const options = { style, zone: shownZone(view), long: flags["long"] === true };
  issues.forEach((issue, index) => {
    if (flags["short"] === true) return view.line(shortLine(issue, style));
    if (index > 0) ["", style("dim", SEPARATOR), ""].forEach(view.line);
    if (flags["refs"] === true) presentRefs(issue, view);
    else if (flags["children"] === true) presentChildren(issue, view);
    else issueDetails(issue, options).forEach(view.line);
  });
}

function presentRefs({ id, dependents = [] }: IssueDetails, view: View): void {
  if (dependents.length === 0) return view.line(`Nothing refers to ${id}`);
  view.line(`References to ${id}:`);
  for (const type of [...new Set(dependents.map((link) => link.dependency_type))].toSorted()) {
    const links = dependents.filter((link) => link.dependency_type === type);
    view.line();
    view.line(`${view.style("bold", type)} (${links.length}):`);
    for (const link of links) view.line(linkLine("←", link, view.style));
  }
}

function presentChildren(issue: IssueDetails, view: View): void {
  const children = childrenOf(issue);
  if (children.length === 0) return view.line(`${issue.id} has no children`);
  view.line(`Children of ${issue.id}:`);
  for (const child of children) view.line(linkLine("↳", child, view.style));
}
