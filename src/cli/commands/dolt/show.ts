import { environmentNamesOf } from "../../../config/settings/find-setting.ts";
import { SETTINGS } from "../../../config/settings/setting-table.ts";
import { endpointName } from "../../../core/endpoint.ts";
import type { ConnectionResult, showConnection, testConnection } from "../../../ops/dolt/show.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";

export const doltShowCommand: CommandDefinition = {
  examples: [["bd dolt show", "how this workspace connects, and whether it works"]],
  handlers: [
    handler<typeof showConnection>({
      operation: "dolt.show",
      input: () => ({}),
      present: presentConnection,
    }),
  ],
};

export const doltTestCommand: CommandDefinition = {
  examples: [["bd dolt test", "exit 0 when the server can be used"]],
  handlers: [
    handler<typeof testConnection>({
      operation: "dolt.test",
      input: () => ({}),
      present({ endpoint, obstacle }, view) {
        view.line(`Testing connection to ${endpointName(endpoint)}...`);
        view.line(
          obstacle === undefined ? `${view.style("green", "✓")} Connection successful` : failed(obstacle, view),
        );
        if (obstacle?.hint !== undefined) view.note(`Hint: ${obstacle.hint}`);
      },
    }),
  ],
};

function presentConnection({ endpoint, database, server, obstacle }: ConnectionResult, view: View): void {
  const missing = server?.product === "Dolt" && database !== undefined && server.database === undefined;
  view.line("Dolt Configuration");
  view.line("==================");
  view.line(`  Database: ${database ?? "(none)"}${missing ? " (the server has none of that name)" : ""}`);
  if (endpoint.socketPath === undefined) {
    view.line(`  Host:     ${endpoint.host}`);
    view.line(`  Port:     ${endpoint.port}`);
  } else {
    view.line(`  Socket:   ${endpoint.socketPath}`);
  }
  view.line(`  User:     ${endpoint.user}`);
  view.line();
  view.line(
    obstacle === undefined ? `  ${view.style("green", "✓")} Server connection OK` : `  ${failed(obstacle, view)}`,
  );
  view.line();
  view.line("Config sources (priority order):");
  view.line(`  1. Environment variables (${connectionVariables().join(", ")})`);
  view.line("  2. metadata.json");
  view.line("  3. config.local.yaml, config.yaml (team defaults)");
  view.line("  4. ~/.config/bd/config.yaml (yours)");
}

function connectionVariables(): string[] {
  const keys = ["dolt.host", "dolt.port", "dolt.socket", "dolt.user", "dolt.tls", "dolt.database"] as const;
  return keys.flatMap((key) => environmentNamesOf({ ...SETTINGS[key], key })[0] ?? []);
}

function failed({ message }: { readonly message: string }, view: View): string {
  return `${view.style("red", "✗")} Connection failed: ${message}`;
}
