import type { ownServerStatus } from "../../../ops/server/status.ts";
import type { ServerStatus } from "../../../server/server-status.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { addPlaceFlags, placeFromFlags } from "./place-flags.ts";
import { isActive, JOURNAL_LINE, presentUnit, unitJson } from "./unit-view.ts";

export const serverStatusCommand: CommandDefinition = {
  configure: addPlaceFlags,
  examples: [["bd server status", "whether our server runs, and who answers on its port"]],
  handlers: [
    handler<typeof ownServerStatus>({
      operation: "server.status",
      input: ({ flags }) => placeFromFlags(flags),
      present: presentStatus,
      json: (status) => ({
        state: isActive(status.unit) ? "running" : status.state,
        running: status.server !== undefined || isActive(status.unit),
        pid: status.server?.pid ?? status.unit?.manager?.pid,
        host: status.host,
        port: status.port,
        answers: status.answer.kind === "free" ? undefined : status.answers,
        data_dir: status.dataDir,
        databases: status.databases,
        log_file: wordsInJournal(status) ? undefined : status.logFile,
        pid_file: status.pidFile,
        unit: status.unit === undefined ? undefined : unitJson(status.unit),
      }),
    }),
  ],
};

const STATES: Readonly<Record<ServerStatus["state"], string>> = {
  running: "running",
  starting: "starting",
  stopped: "not running",
  stale: "not running (it ended without being stopped)",
};

/** Where systemd is to run the server, its words are there also when it has failed. */
function wordsInJournal({ server, unit }: ServerStatus): boolean {
  return server === undefined && unit?.manager !== undefined;
}

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
