import type { Command } from "commander";
import type { IssueWithCounts } from "../../../core/issue.ts";
import type { ListResult, listIssues } from "../../../ops/issue/list.ts";
import { type CommandDefinition, type Flags, handler, type View } from "../../command.ts";
import { addFilterFlags, filterFromFlags } from "../../input/filter-flags.ts";
import { count, list } from "../../input/values.ts";
import { cutNote } from "../../present/cut-note.ts";
import { flatLine, footer, type Relations, shortLine } from "../../present/issue-line.ts";
import { issueTree } from "../../present/issue-tree.ts";

export const listCommand: CommandDefinition = {
  configure(command) {
    addFilterFlags(command);
    command
      .option("--exclude-type <names>", "none of these types", list)
      .option("--exclude-label <labels>", "none of these labels", list)
      .option("--label-pattern <glob>", "has a label that matches, as in 'area-*'")
      .option("--label-regex <regex>", "has a label that matches the regular expression")
      .option("--spec <prefix>", "spec id starts with the text")
      .option("--parent <id>", "children of that issue")
      .option("--no-parent", "has no parent")
      .option("--due-after <date>", "due after that time")
      .option("--due-before <date>", "due before that time")
      .option("--defer-after <date>", "deferred until after that time")
      .option("--defer-before <date>", "deferred until before that time")
      .option("--overdue", "due in the past and not closed")
      .option("--deferred", "deferred")
      .option("--ready", "what `bd ready` shows: nothing holds it back")
      .option("--pinned", "pinned ones")
      .option("--no-pinned", "leave pinned ones out")
      .option("--mol-type <type>", "molecule type")
      .option("--wisp-type <type>", "wisp type")
      .option("--all", "closed and pinned ones too, without a limit")
      .option("--include-templates", "templates too")
      .option("--include-gates", "gates too")
      .option("--include-infra", "bookkeeping of agents too");
    addOutputFlags(command);
  },
  examples: [
    ["bd list", "what is open"],
    ["bd list --flat -p 0,1", "urgent work, one line each"],
    ["bd list -l auth --created-after -7d", "labelled auth, made this week"],
    ["bd list --all --limit 0 --json", "everything, for a program"],
  ],
  unsupported: ["-w, --watch", "--format <format>", "--gated"],
  ignored: [["--no-pager", "there is no pager"]],
  handlers: [
    handler<typeof listIssues>({
      operation: "issue.list",
      input: ({ flags }) => ({
        filter: { ...askedFilter(flags), ...(flags["ready"] === true ? {} : shownByDefault(flags)) },
        limit: flags["all"] === true && !hasLimit(flags) ? 0 : flags["limit"],
        sort: flags["sort"],
        reverse: flags["reverse"] === true,
        ready: flags["ready"] === true,
        blockers: isFlat(flags) && flags["json"] !== true,
      }),
      present: presentList,
      jsonNote: ({ issues, total }) => cutNote(issues.length, total),
    }),
  ],
};

/** How many, in which order and form: `list`, and commands that list in the same form. */
export function addOutputFlags(command: Command): void {
  command
    .optionsGroup("Output:")
    .option("-n, --limit <count>", "show that many, 0 for all", count, 50)
    .option("--sort <field>", "priority, created, updated, closed, status, id, title, type or assignee", "priority")
    .option("-r, --reverse", "the other way round")
    .option("--flat", "one line each, with everything that matters")
    .option("--tree", "children under their parents (the default)")
    .option("--long", "the same as --flat");
  command.addOption(command.createOption("--pretty", "the same as --tree").hideHelp());
}

function isFlat(flags: Flags): boolean {
  return flags["flat"] === true || flags["long"] === true;
}

function hasLimit(flags: Flags): boolean {
  return flags["limit"] !== 50;
}

function askedFilter(flags: Flags): object {
  const { parent } = flags;
  return {
    ...filterFromFlags(flags),
    not_types: flags["excludeType"],
    not_labels: flags["excludeLabel"],
    label_pattern: flags["labelPattern"],
    label_regex: flags["labelRegex"],
    spec_prefix: flags["spec"],
    parent: typeof parent === "string" ? parent : undefined,
    no_parent: parent === false ? true : undefined,
    due_after: flags["dueAfter"],
    due_before: flags["dueBefore"],
    defer_after: flags["deferAfter"],
    defer_before: flags["deferBefore"],
    overdue: flags["overdue"],
    deferred: flags["deferred"],
    mol_type: flags["molType"],
    wisp_type: flags["wispType"],
  };
}

/** What a list leaves out unless asked for; ready work has its own rules for that. */
function shownByDefault(flags: Flags): object {
  const all = flags["all"] === true;
  const asksForStatus = flags["status"] !== undefined;
  const asksForType = flags["type"] !== undefined;
  const pinned = flags["pinned"] === true;
  return {
    not_types: [
      ...(Array.isArray(flags["excludeType"]) ? flags["excludeType"] : []),
      ...(flags["includeGates"] === true || all || asksForType ? [] : ["gate"]),
    ],
    hide_finished: !all && !asksForStatus && !pinned,
    hide_infra: !all && flags["includeInfra"] !== true && !asksForType,
    pinned: all || asksForStatus ? undefined : pinned,
    template: all || flags["includeTemplates"] === true ? undefined : false,
  };
}

function presentList(result: ListResult, view: View): void {
  if (result.issues.length === 0) view.line("No issues found.");
  else if (isFlat(view.flags)) presentFlat(result, view);
  else presentTree(result, view);
}

function presentTree({ issues, total }: ListResult, view: View): void {
  for (const { branch, issue } of issueTree(issues)) view.line(`${branch}${shortLine(issue, view.style)}`);
  const open = issues.filter(({ status }) => status === "open").length;
  const started = issues.filter(({ status }) => status === "in_progress").length;
  const all = `Total: ${issues.length} issues (${open} open, ${started} in progress)`;
  for (const line of footer(cutNote(issues.length, total) ?? all, view)) view.line(line);
}

function presentFlat(result: ListResult, view: View): void {
  const relations = relationsAmong(result);
  for (const issue of result.issues) view.line(flatLine(issue, relations(issue), view.style));
  const cut = cutNote(result.issues.length, result.total);
  if (cut !== undefined) view.line(cut);
}

/** Who waits for whom, as far as the listed issues tell. */
function relationsAmong({ issues, blockers }: ListResult): (issue: IssueWithCounts) => Relations {
  const blocks = new Map<string, string[]>();
  const blockedBy = (issue: IssueWithCounts) => blockers?.get(issue.id) ?? [];
  for (const issue of issues) {
    for (const blocker of blockedBy(issue)) blocks.set(blocker, [...(blocks.get(blocker) ?? []), issue.id]);
  }
  return (issue) => ({ parent: issue.parent, blockedBy: blockedBy(issue), blocks: blocks.get(issue.id) ?? [] });
}
