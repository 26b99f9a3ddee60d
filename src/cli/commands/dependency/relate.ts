import type { Command } from "commander";
import type { relateIssues, unrelateIssues } from "../../../ops/dependency/relate.ts";
import { type CommandDefinition, handler, type Invocation } from "../../command.ts";

export const relateCommand: CommandDefinition = {
  configure: addEnds,
  examples: [["bd dep relate bd-a1 bd-b2", "see also, both ways"]],
  handlers: [
    handler<typeof relateIssues>({
      operation: "dependency.relate",
      input: endsOf,
      present: ({ id1, id2, changed }, view) =>
        view.line(changed ? `✓ Linked ${id1} ↔ ${id2}` : `${id1} ↔ ${id2} already`),
    }),
  ],
};

export const unrelateCommand: CommandDefinition = {
  configure: addEnds,
  examples: [["bd dep unrelate bd-a1 bd-b2", "they have nothing to do with one another"]],
  handlers: [
    handler<typeof unrelateIssues>({
      operation: "dependency.unrelate",
      input: endsOf,
      present: ({ id1, id2 }, view) => view.line(`✓ Unlinked ${id1} ↔ ${id2}`),
    }),
  ],
};

function addEnds(command: Command): void {
  command.argument("<issue>", "one of the two").argument("<id>", "the other");
}

function endsOf({ args: [issue, other] }: Invocation): object {
  return { issue, other };
}
