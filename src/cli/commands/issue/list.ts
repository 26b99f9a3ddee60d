import type { Command } from "commander";
import type { ListResult, listIssues } from "../../../ops/issue/list.ts";
import { type CommandDefinition, type Flags, handler, type Invocation, type View } from "../../command.ts";
import { addColumnsFlag } from "../../input/columns-flag.ts";
import { addFilterFlags, filterFromFlags } from "../../input/filter-flags.ts";
import { count, list } from "../../input/flag-parsers.ts";
import { askedFor } from "../../present/asked-for.ts";
import { type ListLine, listOptions, presentList as presentIssueList } from "../../present/issue-list.ts";
import { issueTree } from "../../present/issue-tree.ts";
import { cutNote } from "../../present/text/cut-note.ts";

/** How flags become a question, and the answer text: of `list`, and of commands that list in the same form. */
export const LISTING = {
  operation: "issue.list",
  input: ({ flags }: Pick<Invocation, "flags">) => ({
    filter: { ...askedFilter(flags), ...(flags["ready"] === true ? {} : shownByDefault(flags)) },
    limit: flags["all"] === true && !hasLimit(flags) ? 0 : flags["limit"],
    sort: flags["sort"],
    reverse: flags["reverse"] === true,
    ready: flags["ready"] === true,
    blockers: flags["json"] !== true,
  }),
  present: presentList,
  jsonNote: ({ issues, total }: ListResult) => cutNote(issues.length, total),
};

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
  handlers: [handler<typeof listIssues>(LISTING)],
};

/** How many, in which order and form: `list`, and commands that list in the same form. */
export function addOutputFlags(command: Command): void {
  command
    .optionsGroup("Output:")
    .option("-n, --limit <count>", "show that many, 0 for all", count, 50)
    .option("--sort <field>", "priority, created, updated, closed, status, id, title, type or assignee", "priority")
    .option("-r, --reverse", "the other way round")
    .option("--flat", "each issue by itself, in the order of the list")
    .option("--tree", "children under their parents (the default)")
    .option("--long", "as --flat, with the beginning of each description");
  addColumnsFlag(command);
  command.addOption(command.createOption("--pretty", "the same as --tree").hideHelp());
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
  const { issues, total } = result;
  if (issues.length === 0) {
    view.line(nothingListed(view.flags));
    return;
  }
  presentIssueList(linesOf(result, view.flags), view, listOptions(view.flags));
  const cut = cutNote(issues.length, total);
  if (cut !== undefined) view.note(cut);
}

function nothingListed(flags: Flags): string {
  const asked = askedFor(flags);
  if (asked === "") return flags["all"] === true ? "No issues yet" : "No open issues (--all for closed ones)";
  return `No issues${asked}`;
}

/** Children under their parents, unless each line is to stand by itself. */
function linesOf({ issues, blockers }: ListResult, flags: Flags): ListLine[] {
  if (isTree(flags)) {
    return issueTree(issues).map(({ branch, issue }) => ({
      branch,
      issue: { ...issue, waits: blockers?.get(issue.id) },
    }));
  }
  return issues.map((issue) => ({ issue: { ...issue, within: issue.parent, waits: blockers?.get(issue.id) } }));
}

function isTree(flags: Flags): boolean {
  return flags["tree"] === true || !["flat", "long", "columns"].some((name) => flags[name] !== undefined);
}
