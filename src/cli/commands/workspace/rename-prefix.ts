import type { PrefixRename, previewRename, renamePrefix } from "../../../ops/workspace/rename-prefix.ts";
import { type CommandDefinition, handler, type Invocation, type View } from "../../command.ts";

const SHOWN = 5;

export const renamePrefixCommand: CommandDefinition = {
  configure(command) {
    command.argument("<prefix>", "the new prefix, as in kw or kw-").option("--dry-run", "say what would change");
  },
  examples: [
    ["bd rename-prefix kw --dry-run", "what would change"],
    ["bd rename-prefix kw", "knowledge-work-a1b becomes kw-a1b, wherever it stands"],
  ],
  unsupported: ["--repair"],
  handlers: [
    handler<typeof previewRename>({
      when: ({ dryRun }) => dryRun === true,
      operation: "workspace.preview-rename",
      input: prefixOf,
      present(rename, view) {
        view.line(`Would rename ${countOf(rename)} from prefix '${rename.from}' to '${rename.to}'`);
        showSome(rename, view);
      },
    }),
    handler<typeof renamePrefix>({
      operation: "workspace.rename-prefix",
      input: prefixOf,
      present(rename, view) {
        const { from, to } = rename;
        view.line(`${view.style("green", "✓")} Renamed ${countOf(rename)} from prefix '${from}' to '${to}'`);
        showSome(rename, view);
      },
    }),
  ],
};

function prefixOf({ args: [prefix] }: Invocation): object {
  return { prefix };
}

function countOf({ ids }: PrefixRename): string {
  return ids.size === 1 ? "1 issue" : `${ids.size} issues`;
}

function showSome({ ids }: PrefixRename, view: View): void {
  for (const [from, to] of [...ids].slice(0, SHOWN)) view.line(`  ${from} → ${to}`);
  if (ids.size > SHOWN) view.line(`  … and ${ids.size - SHOWN} more`);
}
