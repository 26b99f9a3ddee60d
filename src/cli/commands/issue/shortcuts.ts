import type { Command } from "commander";
import type { Issue } from "../../../core/issue/issue.ts";
import { BdError } from "../../../errors.ts";
import type { changeIssue } from "../../../ops/issue/update.ts";
import { type CommandDefinition, handler, type Invocation } from "../../command.ts";
import { givenText } from "../../input/given-text.ts";
import { issueName } from "../../present/issue-name.ts";

/** `bd update` of one issue and one field, in fewer words. */
interface Shortcut extends Pick<CommandDefinition, "examples"> {
  /** Declares what follows the id. */
  readonly configure: (command: Command) => void;
  /** The change, as `issue.update` takes it. */
  readonly change: (invocation: Invocation) => object | Promise<object>;
  /** What was done, given the name of the issue, and what the line said. */
  readonly said: (name: string, issue: Issue, value: string) => string;
}

export const assignCommand = shortcut({
  configure: (command) => command.argument("<name>", "who works on it; '' for nobody"),
  examples: [
    ["bd assign bd-a1b2 ann", "Ann works on it"],
    ["bd assign bd-a1b2 ''", "nobody does"],
  ],
  change: ({ args: [, assignee] }) => ({ assignee }),
  said: (name, { assignee }) => (assignee === undefined ? `Unassigned ${name}` : `Assigned ${name} to ${assignee}`),
});

export const priorityCommand = shortcut({
  configure: (command) => command.argument("<level>", "0-4 or P0-P4: critical, high, medium, low, some day"),
  examples: [["bd priority bd-a1b2 0", "everything else waits"]],
  change: ({ args: [, priority] }) => ({ priority }),
  said: (name, { priority }) => `Set priority of ${name} to P${priority}`,
});

export const tagCommand = shortcut({
  configure: (command) => command.argument("<label>", "label to add"),
  examples: [["bd tag bd-a1b2 needs-review", "one more label"]],
  change: ({ args: [, label] }) => ({ add_labels: [label] }),
  said: (name, _issue, label) => `Added label "${label}" to ${name}`,
});

export const noteCommand = shortcut({
  configure: (command) =>
    command
      .argument("[text...]", "a line to add to its notes, - for standard input")
      .option("--stdin", "the text from standard input")
      .option("--file <file>", "the text from a file"),
  examples: [
    ["bd note bd-a1b2 fails on Windows only", "one more line"],
    ["git log -1 | bd note bd-a1b2 --stdin", "what another program says"],
  ],
  change: async (invocation) => ({ append_notes: await noteText(invocation) }),
  said: (name) => `Note added to ${name}`,
});

function shortcut({ configure, examples, change, said }: Shortcut): CommandDefinition {
  return {
    configure(command) {
      command.argument("<id>", "issue, or a part of its id");
      configure(command);
    },
    examples,
    handlers: [
      handler<typeof changeIssue>({
        operation: "issue.change",
        input: async (invocation) => ({ id: invocation.args[0], ...(await change(invocation)) }),
        present: (issue, view) =>
          view.line(`${view.style("green", "✓")} ${said(issueName(issue), issue, view.args[1] ?? "")}`),
      }),
    ],
  };
}

async function noteText(invocation: Invocation): Promise<string> {
  const text = await givenText(invocation, invocation.args.slice(1));
  if (text.trim() === "") throw new BdError("usage", "NO_NOTE_TEXT", "the note is empty");
  return text;
}
