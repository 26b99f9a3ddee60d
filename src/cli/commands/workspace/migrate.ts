import type { MigrateResult, migrateDatabase } from "../../../ops/workspace/migrate.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";

export const migrateCommand: CommandDefinition = {
  configure(command) {
    command
      .option("-n, --dry-run", "only say what would be done")
      .addOption(command.createOption("--yes", "nothing is asked anyway").hideHelp());
  },
  examples: [
    ["bd migrate --dry-run", "which schema the database has, and what is missing"],
    ["bd migrate", "bring it to this program's schema, in one commit"],
  ],
  handlers: [
    handler<typeof migrateDatabase>({
      operation: "workspace.migrate",
      input: ({ flags }) => ({ dry_run: flags["dryRun"] === true }),
      present: presentMigrate,
    }),
  ],
};

function presentMigrate({ database, have, want, dryRun, migrations }: MigrateResult, view: View): void {
  if (migrations.length === 0) {
    view.line(`Database ${database} has schema ${want}; nothing to do`);
    return;
  }
  if (!dryRun) {
    view.line(`${view.style("green", "✓")} Database ${database} went from schema ${have} to ${want}`);
    return;
  }
  view.line(`Database ${database} has schema ${have}, this bd wants ${want}. To be applied by bd migrate:`);
  for (const name of migrations) view.line(`  ${name}`);
}
