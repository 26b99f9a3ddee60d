import type { ExportResult, exportIssues } from "../../../ops/data/export.ts";
import { type CommandDefinition, type Flags, handler } from "../../command.ts";

const EVERYTHING = "every issue is exported";

export const exportCommand: CommandDefinition = {
  configure(command) {
    command
      .option("-o, --output <file>", "write to that file (default: standard output)")
      .option("--all", "ephemeral wisps too")
      .option("--include-memories", "remembered texts too")
      .option("--jsonl", "as JSONL, which is the only format");
  },
  examples: [
    ["bd export -o backup.jsonl", "everything, for `bd import`"],
    ["bd export | wc -l", "how many issues there are"],
    ["bd export --all --include-memories -o all.jsonl", "what is short-lived too"],
  ],
  unsupported: ["--scrub", "--global", "--events"],
  ignored: [
    ["--include-infra", EVERYTHING],
    ["--no-memories", "memories are left out unless --include-memories asks for them"],
  ],
  handlers: [
    handler<typeof exportIssues>({
      operation: "data.export",
      sink: ({ flags, openOutput }) => openOutput(outputOf(flags)),
      input: ({ flags }) => ({
        all: flags["all"] === true,
        include_memories: flags["includeMemories"] === true,
      }),
      present(result, view) {
        const note = summaryOf(result, view.flags);
        if (note !== undefined) view.note(note);
      },
      jsonNote: summaryOf,
    }),
  ],
};

/** Lines on standard output speak for themselves. */
function summaryOf({ issues, memories }: ExportResult, flags: Flags): string | undefined {
  const target = outputOf(flags);
  if (target === undefined) return undefined;
  return `Exported ${issues} issues${memories > 0 ? ` and ${memories} memories` : ""} to ${target}`;
}

function outputOf({ output }: Flags): string | undefined {
  return typeof output === "string" && output !== "-" ? output : undefined;
}
