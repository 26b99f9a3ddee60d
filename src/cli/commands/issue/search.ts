import type { IssueWithCounts } from "../../../core/issue.ts";
import type { SearchResult, searchIssues } from "../../../ops/issue/search.ts";
import { type CommandDefinition, handler, type Invocation, type View } from "../../command.ts";
import { addFilterFlags, filterFromFlags } from "../../input/filter-flags.ts";
import { count } from "../../input/values.ts";
import { cutNote } from "../../present/cut-note.ts";

export const searchCommand: CommandDefinition = {
  configure(command) {
    command.argument("[words...]", "text to find in titles and ids; case does not matter");
    addFilterFlags(command);
    command
      .option("--external-contains <text>", "external reference contains the text")
      .option("--query <text>", "the text, instead of an argument")
      .optionsGroup("Output:")
      .option("-n, --limit <count>", "show that many, 0 for all", count, 50)
      .option("--sort <field>", "priority, created, updated, closed, status, id, title, type or assignee", "priority")
      .option("-r, --reverse", "the other way round")
      .option("--long", "more about each issue");
  },
  examples: [
    ["bd search login", "open issues about logins"],
    ['bd search "rate limit" --status all', "closed ones too"],
    ["bd search api --desc-contains timeout --sort updated", "in the description too, newest change first"],
  ],
  handlers: [
    handler<typeof searchIssues>({
      operation: "issue.search",
      input: searchInput,
      present: presentFound,
      jsonNote: ({ issues, total }) => cutNote(issues.length, total),
    }),
  ],
};

function searchInput({ args, flags }: Invocation): object {
  const { query } = flags;
  return {
    query: typeof query === "string" ? query : args.join(" "),
    filter: {
      ...filterFromFlags(flags),
      external_contains: flags["externalContains"],
      hide_closed: flags["status"] === undefined,
    },
    limit: flags["limit"],
    sort: flags["sort"],
    reverse: flags["reverse"] === true,
  };
}

function presentFound({ query, issues, total }: SearchResult, view: View): void {
  if (issues.length === 0) {
    view.line(`No issues found matching '${query}'`);
    return;
  }
  view.line(`Found ${total} ${total === 1 ? "issue" : "issues"} matching '${query}':`);
  for (const issue of issues) {
    if (view.flags["long"] === true) presentLong(issue, view);
    else view.line(foundLine(issue, view));
  }
  const cut = cutNote(issues.length, total);
  if (cut !== undefined) view.line(cut);
}

/** `bd-a1b2 [P1] [bug] open @bob [auth] - Fix login` */
function foundLine(issue: IssueWithCounts, view: View): string {
  return [
    ...headParts(issue, view),
    ...(issue.assignee === undefined ? [] : [`@${issue.assignee}`]),
    ...(issue.labels === undefined ? [] : [`[${issue.labels.join(" ")}]`]),
    "-",
    issue.title,
  ].join(" ");
}

function headParts({ id, priority, issue_type: type, status }: IssueWithCounts, view: View): string[] {
  return [view.style("bold", id), `[P${priority}]`, `[${type}]`, status];
}

function presentLong(issue: IssueWithCounts, view: View): void {
  ["", headParts(issue, view).join(" "), `  ${issue.title}`].forEach(view.line);
  if (issue.assignee !== undefined) view.line(`  Assignee: ${issue.assignee}`);
  if (issue.labels !== undefined) view.line(`  Labels: ${issue.labels.join(", ")}`);
  if (issue.description !== undefined) view.line(`  ${issue.description.split("\n", 1)[0]}`);
}
