import type { updateIssues } from "../../../ops/issue/update.ts";
import { type CommandDefinition, handler, type Invocation } from "../../command.ts";
import { addContentFlags, contentFromFlags, jsonFlag } from "../../input/content-flags.ts";
import { count, list, repeated } from "../../input/flag-parsers.ts";
import { issueName } from "../../present/issue-name.ts";

export const updateCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[ids...]", "issues, or parts of their ids; the one touched last when none is given")
      .option("--title <text>", "title")
      .option("-s, --status <name>", "status")
      .option("-p, --priority <level>", "0-4 or P0-P4")
      .option("-t, --type <name>", "type")
      .option("-e, --estimate <minutes>", "how long it takes, in minutes; 0 for unknown", count)
      .option("--due <date>", "when it is due; '' for never")
      .option("--defer <date>", "set it aside until then; '' takes it up again")
      .option("--parent <id>", "the issue that it belongs to; '' for none")
      .option("--spec-id <id>", "the specification that it follows")
      .option("--ephemeral", "make it a wisp: kept on this server, without a history, never pushed, not in ready")
      .option("--persistent", "make an issue of a wisp")
      .option("--claim", "make it yours and start; fails when somebody else has it")
      .option("--release", "give it back: open, and nobody's")
      .option("--steal", "take it, or with --release give it back, although somebody else has it")
      .option("--session <name>", "the session that claims or closes it");
    addContentFlags(command);
    command
      .option("--allow-empty-description", "let a file or standard input give an empty description")
      .optionsGroup("Labels and metadata:")
      .option("--add-label <labels>", "labels to add", list)
      .option("--remove-label <labels>", "labels to remove", list)
      .option("--set-labels <labels>", "labels instead of those it has", list)
      .option("--metadata <json>", "a JSON object to merge, @file, or - for standard input")
      .option("--set-metadata <key=value>", "one value, repeatable", repeated)
      .option("--unset-metadata <key>", "one key to remove, repeatable", repeated);
    command.addOption(command.createOption("--acceptance-criteria <text>").hideHelp());
    command.addOption(command.createOption("--await-id <id>").hideHelp());
  },
  examples: [
    ["bd update bd-a1b2 -p 1 --add-label auth", "two changes, one commit"],
    ["bd update bd-a1b2 --claim", "start working on it"],
    ["bd update bd-a1b2 --release", "somebody else may have it"],
    ["bd update bd-a1b2 --defer 'next monday'", "not now"],
    ["bd update bd-a1b2 --parent bd-9", "move it under another issue"],
    ["bd update --append-notes 'see the log'", "the issue of the last command"],
  ],
  takesEmpty: ["--parent"],
  unsupported: ["--history", "--no-history"],
  handlers: [
    handler<typeof updateIssues>({
      operation: "issue.update",
      input: updateInput,
      present({ issues, failures }, view) {
        if (issues.length === 0 && failures.length === 0) view.line("No updates specified");
        for (const issue of issues) view.line(`${view.style("green", "✓")} Updated issue: ${issueName(issue)}`);
      },
    }),
  ],
};

async function updateInput(invocation: Invocation): Promise<unknown> {
  const { args, flags } = invocation;
  const content = await contentFromFlags(invocation, { allowEmpty: flags["allowEmptyDescription"] === true });
  return {
    ids: args,
    acceptance_criteria: await invocation.text("acceptanceCriteria"),
    ...content,
    title: flags["title"],
    status: flags["status"],
    priority: flags["priority"],
    type: flags["type"],
    estimate: flags["estimate"],
    spec_id: flags["specId"],
    await_id: flags["awaitId"],
    due: flags["due"],
    defer: flags["defer"],
    metadata: await jsonFlag(invocation, "metadata"),
    set_metadata: flags["setMetadata"],
    unset_metadata: flags["unsetMetadata"],
    add_labels: flags["addLabel"],
    remove_labels: flags["removeLabel"],
    set_labels: flags["setLabels"],
    parent: flags["parent"],
    claim: flags["claim"],
    steal: flags["steal"],
    release: flags["release"],
    ephemeral: flags["ephemeral"],
    persistent: flags["persistent"],
  };
}
