import type { databaseInfo } from "../../../ops/workspace/info.ts";
import { type CommandDefinition, handler } from "../../command.ts";

export const infoCommand: CommandDefinition = {
  configure: (command) => void command.option("--schema", "tables, schema version and settings too"),
  examples: [
    ["bd info", "the database of this workspace"],
    ["bd info --schema --json", "everything about it, for a program"],
  ],
  unsupported: ["--whats-new", "--thanks"],
  handlers: [
    handler<typeof databaseInfo>({
      operation: "workspace.info",
      input: ({ flags }) => ({ schema: flags["schema"] === true }),
      present(info, view) {
        view.line("Beads Database Information");
        view.line("===========================");
        view.line(`Database: ${info.database}`);
        view.line(`Server: ${info.server}`);
        view.line(`Workspace: ${info.beadsDir}`);
        view.line("Mode: direct");
        view.line();
        view.line(`Issue Count: ${info.issueCount}`);
        if (view.flags["schema"] !== true) return;
        view.line();
        view.line("Schema Information:");
        view.line(`  Schema Version: ${info.schemaVersion}`);
        view.line(`  Detected Prefix: ${info.prefix}`);
        view.line(`  Sample Issues: ${info.sampleIssueIds.join(", ") || "(none)"}`);
        view.line(`  Tables: ${info.tables.join(", ")}`);
      },
    }),
  ],
};
