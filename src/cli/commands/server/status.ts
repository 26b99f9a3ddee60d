import type { ownServerStatus } from "../../../ops/server/status.ts";
import type { ServerStatus } from "../../../server/server-status.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";
import { addPlaceFlags, placeFromFlags } from "./place-flags.ts";

export const serverStatusCommand: CommandDefinition = {
  configure: addPlaceFlags,
  examples: [["bd server status", "whether our server runs, and who answers on its port"]],
  handlers: [
    handler<typeof ownServerStatus>({
      operation: "server.status",
      input: ({ flags }) => placeFromFlags(flags),
      present: presentStatus,
      json: (status) => ({
        state: status.state,
        running: status.server !== undefined,
        pid: status.server?.pid,
        host: status.host,
        port: status.port,
        answers: status.answer.kind === "free" ? undefined : status.answers,
        data_dir: status.dataDir,
        databases: status.databases,
        log_file: status.logFile,
        pid_file: status.pidFile,
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

function presentStatus(status: ServerStatus, view: View): void {
  const { state, server, host, port, answers, dataDir, databases, logFile } = status;
  view.line(`Our Dolt server: ${STATES[state]}${server === undefined ? "" : ` (PID ${server.pid})`}`);
  view.line(`  ${host}:${port}: ${answers} answers`);
  view.line(`  Data: ${dataDir}${databases.length === 0 ? "" : ` (${databases.join(", ")})`}`);
  view.line(`  Log:  ${logFile}`);
}
