import type { migrateDeletedIssues } from "../../../ops/workspace/migrate-deleted-issues.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const migrateDeletedIssuesCommand: CommandDefinition = {
  configure: (command) => void command.option("-n, --dry-run", "only say whether the table is there"),
  examples: [
    ["bd migrate deleted-issues --dry-run", "whether merges remember deleted issues"],
    ["bd migrate deleted-issues", "make the table for it, in one commit; once per project is enough"],
  ],
  handlers: [
    handler<typeof migrateDeletedIssues>({
      operation: "workspace.migrate-deleted-issues",
      input: ({ flags }) => ({ dry_run: flags["dryRun"] === true }),
      present({ database, table, existed, dryRun }, view) {
        if (existed) view.line(`Database ${database} has the table ${table}; nothing to do`);
        else if (dryRun) view.line(`Database ${database} has no table ${table}; bd migrate deleted-issues makes it`);
        else
          view.line(`${view.style("green", "✓")} Database ${database} remembers deleted issues now (table ${table})`);
      },
    }),
  ],
};
