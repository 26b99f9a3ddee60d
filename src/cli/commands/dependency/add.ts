import { parseDependencyLines } from "../../../core/jsonl/dependency-lines.ts";
import { BdError } from "../../../errors.ts";
import type {
  AddDependenciesResult,
  AddedDependency,
  addAllDependencies,
  addDependencies,
} from "../../../ops/dependency/add.ts";
import { type CommandDefinition, type Flags, handler, type Invocation, type View } from "../../command.ts";
import { edgeSentence } from "../../present/edge-sentence.ts";

/** Flags of the peer that change nothing. */
export const CYCLE_CHECK_FLAG = ["--no-cycle-check", "a cycle is always refused"] as const;

const TYPE_FLAG = [
  "-t, --type <type>",
  "blocks, parent-child, related, discovered-from, waits-for or any other word",
  "blocks",
] as const;

export const addDependencyCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[issue]", "the issue that is to wait")
      .argument("[depends-on]", "what it waits for; `external:project:capability` for what is elsewhere")
      .option(...TYPE_FLAG)
      .option("--blocked-by <id>", "the same as the second argument")
      .option("--depends-on <id>", "the same as the second argument")
      .option("-f, --file <file>", "JSONL with many, all or none of which are added; - for standard input");
  },
  examples: [
    ["bd dep add bd-b2 bd-a1", "bd-b2 waits for bd-a1"],
    ["bd dep add bd-b2 bd-a1 -t discovered-from", "bd-b2 was found while working on bd-a1"],
    ["bd dep add --file edges.jsonl", 'many: {"from":"bd-b2","to":"bd-a1","type":"blocks"}'],
  ],
  ignored: [CYCLE_CHECK_FLAG],
  handlers: [
    handler<typeof addAllDependencies>({
      when: ({ file }) => file !== undefined,
      operation: "dependency.add-all",
      input: async ({ flags, readText }) => ({
        dependencies: parseDependencyLines(await readText(String(flags["file"]))),
      }),
      present({ dependencies }, view) {
        const added = dependencies.filter((edge) => edge.added).length;
        const rest = added === dependencies.length ? "" : ` (${dependencies.length - added} were there)`;
        view.line(`✓ Added ${added} ${added === 1 ? "dependency" : "dependencies"}${rest}`);
      },
    }),
    handler<typeof addDependencies>({
      operation: "dependency.add",
      input: (invocation) => ({ dependencies: [{ ...endsOf(invocation), type: invocation.flags["type"] }] }),
      present: presentAdded("Added dependency"),
    }),
  ],
};

/** `bd dep add` for those who think of links. */
export const linkCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<issue>", "the issue that is to wait")
      .argument("<depends-on>", "what it waits for")
      .option(...TYPE_FLAG);
  },
  examples: [
    ["bd link bd-b2 bd-a1", "bd-b2 waits for bd-a1"],
    ["bd link bd-b2 bd-a1 -t related", "they have to do with one another"],
  ],
  handlers: [
    handler<typeof addDependencies>({
      operation: "dependency.add",
      input: (invocation) => ({ dependencies: [{ ...endsOf(invocation), type: invocation.flags["type"] }] }),
      present: presentAdded("Linked"),
    }),
  ],
};

function endsOf({ args: [issue, second], flags }: Invocation): { issue: string; depends_on: string } {
  const targets = [second, flagText(flags, "blockedBy"), flagText(flags, "dependsOn")].filter((id) => id !== undefined);
  const [target] = targets;
  if (issue === undefined || target === undefined || targets.length > 1) {
    throw new BdError("usage", "BAD_USAGE", "a dependency needs the issue that waits and one that it waits for");
  }
  return { issue, depends_on: target };
}

function flagText(flags: Flags, name: string): string | undefined {
  return typeof flags[name] === "string" ? flags[name] : undefined;
}

function presentAdded(done: string): (result: AddDependenciesResult, view: View) => void {
  return ({ dependencies }, view) => {
    for (const edge of dependencies) {
      const [from, to] = [named(edge.issue_id, edge.issue_title), named(edge.depends_on_id, edge.depends_on_title)];
      const sentence = edgeSentence(from, edge.type, to);
      view.line(edge.added ? `✓ ${done}: ${sentence}` : `${sentence} already`);
    }
  };
}

function named(id: string, title: AddedDependency["issue_title"]): string {
  return title === undefined ? id : `${id} (${title})`;
}
