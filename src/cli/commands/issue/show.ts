import { childrenOf, type IssueDetails, type ShowResult, type showIssues } from "../../../ops/issue/show.ts";
import { type CommandDefinition, type Flags, handler, type View } from "../../command.ts";
import { repeated } from "../../input/flag-parsers.ts";
import { LOCAL_TIME_FLAG } from "../../input/local-time-flag.ts";
import { issueDetails, linkLines } from "../../present/issue-details.ts";
import { listLines } from "../../present/issue-list.ts";

export const showCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[ids...]", "issues, or parts of their ids; the one touched last when none is given")
      .option("--short", "one line each")
      .option("--long", "all fields")
      .option("--refs", "what points to it, by kind")
      .option("--children", "what belongs to it")
      .option("--current", "the issue that was touched last")
      .option("--id <id>", "an id that looks like a flag, repeatable", repeated);
  },
  examples: [
    ["bd show bd-a1b2", "everything about one issue"],
    ["bd show a1b2 c3d4 --short", "one line each; parts of ids will do"],
    ["bd show bd-a1b2 --json", "for a program"],
  ],
  unsupported: ["--as-of <ref>", "--thread", "-w, --watch"],
  ignored: [LOCAL_TIME_FLAG],
  handlers: [
    handler<typeof showIssues>({
      operation: "issue.show",
      input: ({ args, flags }) => ({
        ids: flags["current"] === true ? [] : [...args, ...idsOf(flags)],
        part: ["refs", "children"].find((part) => flags[part] === true),
        blockers: flags["json"] !== true,
      }),
      present: presentShow,
    }),
  ],
};

const SEPARATOR = "─".repeat(60);

function idsOf({ id }: Flags): readonly unknown[] {
  return Array.isArray(id) ? id : [];
}

function presentShow({ issues, blockers, absent }: ShowResult, view: View): void {
  const { flags, style } = view;
  if (flags["short"] === true) {
    const lines = issues.map((issue) => ({ issue: { ...issue, waits: blockers.get(issue.id) } }));
    listLines(lines, view).forEach((line) => view.line(line));
    return;
  }
  issues.forEach((issue, index) => {
    if (index > 0) ["", style("dim", SEPARATOR), ""].forEach((line) => view.line(line));
    for (const line of linesOf(issue, { blockers, absent }, view)) view.line(line);
  });
}

function linesOf(issue: IssueDetails, beside: Pick<ShowResult, "blockers" | "absent">, view: View): string[] {
  if (view.flags["refs"] === true) return refLines(issue, beside.blockers, view);
  if (view.flags["children"] === true) return childLines(issue, beside.blockers, view);
  return issueDetails(issue, beside, view);
}

function refLines({ id, dependents = [] }: IssueDetails, blockers: ShowResult["blockers"], view: View): string[] {
  if (dependents.length === 0) return [`Nothing refers to ${id}`];
  const types = [...new Set(dependents.map((link) => link.dependency_type))].toSorted();
  return [
    `References to ${id}:`,
    ...types.flatMap((type) => {
      const links = dependents.filter((link) => link.dependency_type === type);
      return ["", `${view.style("bold", type)} (${links.length}):`, ...linkLines("←", links, blockers, view)];
    }),
  ];
}

function childLines(issue: IssueDetails, blockers: ShowResult["blockers"], view: View): string[] {
  const children = childrenOf(issue);
  if (children.length === 0) return [`${issue.id} has no children`];
  return [`Children of ${issue.id}:`, ...linkLines("↳", children, blockers, view)];
}
