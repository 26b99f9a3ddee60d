import { BdError } from "../../../errors.ts";
import type { editIssue } from "../../../ops/issue/edit.ts";
import { type CommandDefinition, type Flags, handler } from "../../command.ts";
import { issueName } from "../../present/issue-name.ts";

/** By flag; the description is edited where none is given. */
const FIELDS = {
  title: "title",
  description: "description",
  design: "design",
  notes: "notes",
  acceptance: "acceptance_criteria",
} as const;

export const editCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<id>", "issue, or a part of its id")
      .option("--title", "its title")
      .option("--description", "its description (default)")
      .option("--design", "its design")
      .option("--notes", "its notes")
      .option("--acceptance", "its acceptance criteria");
  },
  examples: [
    ["bd edit bd-a1b2", "its description, in your VISUAL or EDITOR"],
    ["bd edit bd-a1b2 --notes", "its notes"],
  ],
  handlers: [
    handler<typeof editIssue>({
      operation: "issue.edit",
      input: ({ args, flags }) => ({ id: args[0], field: fieldOf(flags) }),
      present({ issue, field, changed }, view) {
        const what = `the ${field.replaceAll("_", " ")} of ${issueName(issue)}`;
        view.line(changed ? `${view.style("green", "✓")} Updated ${what}` : `No changes made to ${what}`);
      },
    }),
  ],
};

function fieldOf(flags: Flags): string {
  const [first, second] = Object.entries(FIELDS).filter(([flag]) => flags[flag] === true);
  if (first !== undefined && second !== undefined) {
    const message = `--${first[0]} and --${second[0]} contradict each other; give one of them`;
    throw new BdError("usage", "CONTRADICTING_FLAGS", message);
  }
  return first?.[1] ?? FIELDS.description;
}
