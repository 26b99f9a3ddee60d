import { BdError } from "../../../errors.ts";
import type { ImportResult, importIssues } from "../../../ops/data/import.ts";
import { type CommandDefinition, handler, type Invocation, type View } from "../../command.ts";

export const importCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("[file]", "JSONL as `bd export` writes it, - for standard input (default: .beads/issues.jsonl)")
      .option("-i, --input <file>", "the same as the argument")
      .option("--dry-run", "only say what would be imported")
      .option("--skip-invalid", "import the good lines although others are bad")
      .option("--force-older", "let lines overwrite issues that are newer")
      .option("--dedup", "leave out new issues whose title an open issue has");
  },
  examples: [
    ["bd import backup.jsonl", "bring back what is missing; what is newer stays"],
    ["bd import --force-older backup.jsonl", "as the backup has it, over what is newer, too"],
    ["bd import --dry-run backup.jsonl", "what would change, without changing it"],
    ["bd export -C ../other | bd import -", "copy the issues of another project"],
  ],
  unsupported: ["--global", "--watch"],
  handlers: [
    handler<typeof importIssues>({
      operation: "data.import",
      input: (invocation) => {
        const { flags } = invocation;
        const file = fileOf(invocation);
        return {
          ...(file === undefined
            ? {}
            : { source: file === "-" ? "standard input" : file, bytes: invocation.openInput(file) }),
          dry_run: flags["dryRun"] === true,
          dedup: flags["dedup"] === true,
          skip_invalid: flags["skipInvalid"] === true,
          force_older: flags["forceOlder"] === true,
        };
      },
      present: presentImport,
    }),
  ],
};

function fileOf({ args: [file], flags }: Invocation): string | undefined {
  const named = typeof flags["input"] === "string" ? flags["input"] : undefined;
  if (file !== undefined && named !== undefined) {
    throw new BdError("usage", "TWO_FILES", "the file is named twice");
  }
  return file ?? named;
}

function presentImport(result: ImportResult, view: View): void {
  const { created, updated, unchanged, stale, tombstones, rejected, dry_run: dryRun } = result;
  const counts = [`${created} new`, `${updated} changed`, `${unchanged} the same`, `${stale} stale`];
  const leftOut = [
    ...(tombstones > 0 ? [`${tombstones} tombstones`] : []),
    ...(result.same_title > 0 ? [`${result.same_title} with the title of an open issue`] : []),
    ...(rejected.length > 0 ? [`${rejected.length} bad lines`] : []),
  ];
  const summary = `${dryRun ? "Would import" : "Imported"} ${created + updated} issues from ${result.source} (${counts.join(", ")})`;
  const parts = [summary, ...(leftOut.length > 0 ? [`left out: ${leftOut.join(", ")}`] : []), ...newerHere(result)];
  const text = parts.join("; ");
  if (dryRun) view.line(text);
  else view.note(text);
  for (const { line, reason } of rejected.slice(0, MAX_LINES_SHOWN)) view.note(`line ${line}: ${reason}`);
  if (rejected.length > MAX_LINES_SHOWN) view.note(`and ${rejected.length - MAX_LINES_SHOWN} more bad lines`);
}

const MAX_LINES_SHOWN = 20;

/** A backup is older than what has been changed since: who restores one must know why nothing happened. */
function newerHere({ newer_here: newer }: ImportResult): string[] {
  if (newer === 0) return [];
  return [
    newer === 1
      ? "1 is newer here: --force-older overwrites it"
      : `${newer} are newer here: --force-older overwrites them`,
  ];
}
