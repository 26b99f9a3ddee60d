import type { AdoptResult, adoptFolder } from "../../../ops/server/adopt.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { list } from "../../input/flag-parsers.ts";
import { counted, shortHash } from "../../present/text/counted-text.ts";

export const serverAdoptCommand: CommandDefinition = {
  configure(command) {
    command
      .argument("<folder>", "a data folder of dolt, or the project whose .beads has one")
      .option("--database <names>", "take only these, comma separated", list)
      .option("--dry-run", "copy and verify, say what would be done, and throw the copies away")
      .option("--remove-old", "remove the old folder of each database that is verified in ours");
  },
  examples: [
    ["bd server adopt ~/old-project --dry-run", "what would come, and whether it may"],
    ["bd server adopt ~/old-project/.beads/dolt", "every database that lies there; the old folder stays"],
    ["bd server adopt ~/old-project --remove-old", "the same again, some days later"],
  ],
  handlers: [
    handler<typeof adoptFolder>({
      operation: "server.adopt",
      input: ({ args: [folder], flags }) => ({
        folder,
        databases: flags["database"] ?? [],
        dry_run: flags["dryRun"] === true,
        remove_old: flags["removeOld"] === true,
      }),
      present,
    }),
  ],
};

function present({ from, dataDir, databases, serverPid, dryRun }: AdoptResult, view: View): void {
  for (const { name, outcome, state, isOldRemoved } of databases) {
    const [branch] = state.branches;
    const rows = state.tables.reduce((sum, table) => sum + table.rows, 0);
    const done = dryRun ? "Would adopt" : `${view.style("green", "✓")} Adopted`;
    view.line(outcome === "there" ? `  ${name} is there already, with all that the old one holds` : `${done} ${name}`);
    const more = state.branches.length > 1 ? ` (and ${state.branches.length - 1} more)` : "";
    const held = `${counted(state.tables.length, "table")}, ${counted(rows, "row")}`;
    view.line(`  ${branch?.name ?? "no branch"} at ${shortHash(branch?.commit)}${more}, ${held}`);
    if (isOldRemoved) view.line("  Its old folder is removed");
  }
  view.line();
  if (!databases.every(({ isServed }) => isServed)) {
    view.line(`The server (PID ${serverPid}) sees them when it starts again: bd server stop, then bd server start,`);
    view.line("or systemctl --user restart dolt-server");
  }
  if (dryRun) return view.line(`Nothing was changed. They would lie in ${dataDir}`);
  view.line(`They lie in ${dataDir}`);
  if (databases.every(({ isOldRemoved }) => isOldRemoved)) return;
  view.line(`${from} stays as it is, until the same line with --remove-old removes what ours holds`);
  view.line("In each project: bd init, unless bd ready works there already");
}
