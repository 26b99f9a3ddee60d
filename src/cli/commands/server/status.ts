import type { ownServerStatus } from "../../../ops/server/status.ts";
import { type ServerStatus, wordsInJournal } from "../../../server/server-status.ts";
import { JOURNAL_LINE } from "../../../server/systemd/unit-files.ts";
import { isActive } from "../../../server/systemd/unit-status.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { addPlaceFlags, placeFromFlags } from "./place-flags.ts";
import { presentUnit } from "./unit-view.ts";

export const serverStatusCommand: CommandDefinition = {
  configure: addPlaceFlags,
  examples: [["bd server status", "whether our server runs, and who answers on its port"]],
  handlers: [
    handler<typeof ownServerStatus>({
      operation: "server.status",
      input: ({ flags }) => placeFromFlags(flags),
      present: presentStatus,
    }),
  ],
};

const STATES: Readonly<Record<ServerStatus["state"], string>> = {
  running: "running",
  starting: "starting",
  stopped: "not running",
  stale: "not running (it ended without being stopped)",
};

function presentStatus(status: ServerStatus, view: View): void {
  const { state, server, host, port, answers, dataDir, databases, logFile, unit } = status;
  const byUnit = server === undefined && isActive(unit);
  const pid = server?.pid ?? (byUnit ? unit?.manager?.pid : undefined);
  view.line(`Our Dolt server: ${byUnit ? "run by systemd" : STATES[state]}${pid === undefined ? "" : ` (PID ${pid})`}`);
  view.line(`  ${host}:${port}: ${answers} answers`);
  view.line(`  Data: ${dataDir}${databases.length === 0 ? "" : ` (${databases.join(", ")})`}`);
  view.line(`  Log:  ${wordsInJournal(status) ? JOURNAL_LINE : logFile}`);
  if (unit !== undefined) presentUnit(unit, view);
}
