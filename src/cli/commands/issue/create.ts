import { BdError } from "../../../errors.ts";
import type { CreateResult, createIssue } from "../../../ops/issue/create.ts";
import type { CreatedIssues, createAll } from "../../../ops/issue/create-all.ts";
import { type CommandDefinition, handler, type Invocation, type View } from "../../command.ts";
import { addContentFlags, contentFromFlags, jsonFlag } from "../../input/content-flags.ts";
import { count, list } from "../../input/flag-parsers.ts";
import { listIn, markdownIssues } from "../../input/markdown-issues.ts";
import { edgeSentence } from "../../present/edge-sentence.ts";

export const createCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[title]", "what is to be done")
      .option("--title <text>", "the title, instead of the argument")
      .option("-p, --priority <level>", "0-4 or P0-P4, 0 is the most urgent", "2")
      .option(
        "-t, --type <type>",
        "task, bug, feature, epic, chore, decision, spike, story, milestone, or your own",
        "task",
      )
      .option("-l, --labels <labels>", "labels, comma separated", list)
      .addOption(command.createOption("--label <labels>").argParser(list).hideHelp());
    addContentFlags(command);
    command
      .optionsGroup("Relations:")
      .option("--parent <id>", "child of that issue: its id becomes <id>.1, <id>.2, ...")
      .option("--no-inherit-labels", "don't take over the labels of the parent")
      .option(
        "--deps <items>",
        "ID: it waits for that issue; blocks:ID: that one waits for it; or another type, as in discovered-from:ID",
        list,
      )
      .option("--waits-for <id>", "waits for the children of that issue")
      .option("--waits-for-gate <gate>", "all-children or any-children", "all-children")
      .optionsGroup("More:")
      .option("-e, --estimate <minutes>", "estimate in minutes", count)
      .option("--due <date>", "when it is due, as in tomorrow, +3d or 2027-01-31")
      .option("--defer <date>", "not ready before that time")
      .option("--metadata <json>", "a JSON object, @file, or - for standard input")
      .option("--spec-id <id>", "the specification that it belongs to")
      .option("--skills <text>", "required skills, added to the description; - for standard input")
      .option("--context <text>", "context, added to the description; - for standard input")
      .option("--id <id>", "choose the id yourself")
      .option("--ephemeral", "a wisp: kept on this server, without a history, never pushed, not in ready")
      .option("--force", "allow an id with a foreign prefix")
      .option("--validate", "require a description")
      .option("-f, --file <file>", "several issues from markdown (## Title, ### Priority, …), - for standard input")
      .option("--silent", "print the id only")
      .option("--dry-run", "only say what would be made");
    for (const flags of [
      "--event-category <name>",
      "--event-actor <name>",
      "--event-target <id>",
      "--event-payload <json>",
    ]) {
      command.addOption(command.createOption(flags).hideHelp());
    }
  },
  examples: [
    ["bd create 'Fix login' -t bug -p 1", "a bug, urgent"],
    ["bd create 'Write docs' -d 'For newcomers' -l docs,good-first", "with a description and labels"],
    ["bd create 'Ship it' --due +7d --silent", "due in a week; prints the id alone"],
    ["bd create -f plan.md", "an issue for each ## heading, all in one commit"],
    ["git log -1 | bd create 'Look into this commit' --stdin", "description from a pipe"],
  ],
  takesEmpty: ["--id"],
  unsupported: ["--graph <file>", "--no-history", "--mol-type <type>", "--wisp-type <type>", "--repo <path>"],
  handlers: [
    handler<typeof createAll>({
      when: ({ file }) => file !== undefined,
      operation: "issue.create-all",
      input: issuesFromFile,
      present: presentAll,
    }),
    handler<typeof createIssue>({
      operation: "issue.create",
      input: createInput,
      present: presentCreated,
    }),
  ],
};

async function issuesFromFile({ args, flags, readText }: Invocation): Promise<object> {
  if (args.length > 0 || flags["title"] !== undefined) {
    throw new BdError("usage", "CONTRADICTING_FLAGS", "a title is given, and a file with titles: give one of them");
  }
  const issues = markdownIssues(await readText(String(flags["file"]))).map(({ title, sections }) => ({
    draft: {
      title,
      description: sections.get("description"),
      design: sections.get("design"),
      acceptance_criteria: sections.get("acceptance criteria") ?? sections.get("acceptance"),
      priority: sections.get("priority") ?? flags["priority"],
      type: sections.get("type")?.toLowerCase() ?? flags["type"],
      assignee: sections.get("assignee"),
      ephemeral: flags["ephemeral"],
    },
    labels: [...listOf(flags["labels"]), ...listOf(flags["label"]), ...listIn(sections.get("labels"))],
    deps: [...listOf(flags["deps"]), ...listIn(sections.get("dependencies") ?? sections.get("deps"))],
  }));
  return { issues, dry_run: flags["dryRun"] === true };
}

function presentAll({ issues, dryRun }: CreatedIssues, view: View): void {
  if (view.flags["silent"] === true) return issues.forEach(({ id }) => view.line(id));
  const done = dryRun ? `${view.style("yellow", "⚠")} [DRY RUN] Would create` : `${view.style("green", "✓")} Created`;
  view.line(
    `${done} ${issues.length === 1 ? "1 issue" : `${issues.length} issues`} from ${String(view.flags["file"])}:`,
  );
  for (const { id, title, priority, issue_type: type } of issues) {
    view.line(`  ${dryRun ? "" : `${id}: `}${title} [P${priority}, ${type}]`);
  }
}

async function createInput(invocation: Invocation): Promise<object> {
  const { flags } = invocation;
  const { append_notes, ...content } = await contentFromFlags(invocation, { allowEmpty: false });
  const description = await withSections(content.description, invocation);
  if (flags["validate"] === true && !description) {
    throw new BdError("usage", "DESCRIPTION_REQUIRED", "a description is required (--validate)");
  }
  return {
    draft: {
      ...content,
      notes: content.notes ?? append_notes,
      title: titleOf(invocation),
      description,
      priority: flags["priority"],
      type: flags["type"],
      estimate: flags["estimate"],
      ephemeral: flags["ephemeral"],
      due: flags["due"],
      defer: flags["defer"],
      metadata: await jsonFlag(invocation, "metadata"),
      spec_id: flags["specId"],
      event_kind: flags["eventCategory"],
      event_actor: flags["eventActor"],
      event_target: flags["eventTarget"],
      event_payload: await invocation.text("eventPayload"),
    },
    labels: [...listOf(flags["labels"]), ...listOf(flags["label"])],
    id: flags["id"],
    parent: flags["parent"],
    inherit_labels: flags["inheritLabels"] !== false,
    deps: listOf(flags["deps"]),
    waits_for: flags["waitsFor"],
    waits_for_gate: flags["waitsForGate"],
    force: flags["force"] === true,
    dry_run: flags["dryRun"] === true,
  };
}

/** The title by argument or flag. Throws BdError usage where there is none, or two that differ. */
function titleOf({ args, flags }: Invocation): string {
  const [argument] = args;
  const option = typeof flags["title"] === "string" ? flags["title"] : undefined;
  if (argument !== undefined && option !== undefined && argument !== option) {
    throw new BdError("usage", "CONTRADICTING_FLAGS", `two titles are given: "${argument}" and "${option}"`);
  }
  const title = argument ?? option;
  if (title === undefined) throw new BdError("usage", "TITLE_REQUIRED", "title required");
  return title;
}

async function withSections(description: string | undefined, { text }: Invocation): Promise<string | undefined> {
  const sections = [
    ["Required Skills", await text("skills")],
    ["Context", await text("context")],
  ].flatMap(([heading, section]) => (section ? [`## ${heading}\n${section}`] : []));
  return sections.length === 0 ? description : [...(description ? [description] : []), ...sections].join("\n\n");
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function presentCreated({ issue, labels, edges, dry_run }: CreateResult, view: View): void {
  if (view.flags["silent"] === true) {
    view.line(issue.id);
    return;
  }
  if (dry_run) {
    view.line(`${view.style("yellow", "⚠")} [DRY RUN] Would create issue:`);
    view.line("  ID: (will be generated)");
    view.line(`  Title: ${issue.title}`);
    view.line(`  Type: ${issue.issue_type}`);
  } else {
    view.line(`${view.style("green", "✓")} Created issue: ${issue.id} — ${issue.title}`);
  }
  view.line(`  Priority: P${issue.priority}`);
  view.line(`  Status: ${issue.status}`);
  if (labels.length > 0) view.line(`  Labels: ${labels.join(", ")}`);
  for (const edge of edges) {
    const other = (id: string) => (id === issue.id ? "it" : id);
    if (edge.type !== "parent-child")
      view.line(`  ${edgeSentence(other(edge.issue_id), edge.type, other(edge.depends_on_id))}`);
  }
}
