import type { captureIssue } from "../../../ops/issue/create.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { list } from "../../input/flag-parsers.ts";

export const quickCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[title...]", "what is to be done")
      .option("-p, --priority <level>", "0-4 or P0-P4, 0 is the most urgent", "2")
      .option("-t, --type <type>", "task, bug, feature, epic, chore, ...", "task")
      .option("-l, --labels <labels>", "labels, comma separated", list)
      .addOption(command.createOption("--label <labels>").argParser(list).hideHelp());
  },
  examples: [
    ["bd q Fix the login", "no quotes needed; prints the id alone"],
    ["bd q Write docs -l docs", "with a label"],
  ],
  handlers: [
    handler<typeof captureIssue>({
      operation: "issue.capture",
      input: ({ args, flags }) => ({
        draft: { title: args.join(" "), priority: flags["priority"], type: flags["type"] },
        labels: [flags["labels"], flags["label"]].flatMap((labels) => (Array.isArray(labels) ? labels : [])),
        inherit_labels: false,
        deps: [],
        force: false,
        dry_run: false,
      }),
      present: ({ issue }, view) => view.line(issue.id),
    }),
  ],
};
