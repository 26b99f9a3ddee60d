import type { mergeIssueFiles } from "../../../ops/data/merge-files.ts";
import { type CommandDefinition, handler } from "../../command.ts";

const DEFAULT_MARKER_SIZE = "7";
const IMPLICIT_DELETES = [
  "--implicit-deletes",
  "a line that one side has no more deletes its issue, even if the other side changed it",
] as const;

/** As git calls it. */
export const mergeDriverCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<base>", "the version that both went on from: %O")
      .argument("<ours>", "one version, and the place of the result: %A")
      .argument("<theirs>", "the other version: %B")
      .argument("[marker-size]", "how long conflict markers are: %L")
      .argument("[path]", "what the file is called: %P")
      .option(...IMPLICIT_DELETES);
  },
  examples: [["bd merge-driver base.jsonl ours.jsonl theirs.jsonl 7 .beads/issues.jsonl", "what git runs in a merge"]],
  handlers: [
    handler<typeof mergeIssueFiles>({
      operation: "data.merge-files",
      ownProcess: () => "it works on files alone",
      input({ args: [base = "", ours = "", theirs = "", size = DEFAULT_MARKER_SIZE, path = ours], flags }) {
        const files = { base, ours, theirs, output: ours, name: path };
        return { ...files, marker_size: Number(size), implicit_deletes: flags["implicitDeletes"] === true };
      },
      present: () => {},
    }),
  ],
};

/** As other programs call it. */
export const mergeCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<output>", "the place of the result")
      .argument("<base>", "the version that both went on from")
      .argument("<left>", "one version")
      .argument("<right>", "the other version")
      .option(...IMPLICIT_DELETES);
  },
  examples: [["bd merge merged.jsonl base.jsonl left.jsonl right.jsonl", "three files into a fourth"]],
  handlers: [
    handler<typeof mergeIssueFiles>({
      operation: "data.merge-files",
      ownProcess: () => "it works on files alone",
      input({ args: [output = "", base = "", left = "", right = ""], flags }) {
        const files = { base, ours: left, theirs: right, output, name: output };
        const size = Number(DEFAULT_MARKER_SIZE);
        return { ...files, marker_size: size, implicit_deletes: flags["implicitDeletes"] === true };
      },
      present: () => {},
    }),
  ],
};
