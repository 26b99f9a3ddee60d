import type * as z from "zod/mini";
import { type ServerStatus, serverStatus, wordsInJournal } from "../../server/server-status.ts";
import { JOURNAL_LINE } from "../../server/systemd/unit-files.ts";
import { isActive, type UnitStatus } from "../../server/systemd/unit-status.ts";
import { defineOperation } from "../operation.ts";
import { identifyAs, PlaceInput, placeOf, serverEnvironment } from "./server-place.ts";

/** Looks at our own server, and at who answers in its place. */
export const ownServerStatus = defineOperation({
  name: "server.status",
  access: "none",
  input: PlaceInput,
  async run(context, input: z.infer<typeof PlaceInput>): Promise<ServerStatus> {
    const endpoint = await placeOf(context, input);
    const { host, port } = endpoint;
    return serverStatus(serverEnvironment(context), { host, port, identify: identifyAs(context, endpoint) });
  },
  wire: {
    of: (status) => ({
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
  },
});

function unitJson({
  path,
  author,
  dolt,
  doltIsThere,
  host,
  port,
  dataDir,
  manager,
  linger,
  dropIns,
}: UnitStatus): object {
  return {
    path,
    written_by_us: author === "we",
    dolt,
    dolt_exists: doltIsThere,
    host,
    port,
    data_dir: dataDir,
    enabled: manager?.enabled,
    state: manager?.state,
    sub_state: manager?.subState,
    pid: manager?.pid,
    since: manager?.since,
    restarts: manager?.restarts,
    needs_reload: manager?.needsReload,
    linger,
    journal: JOURNAL_LINE,
    drop_ins: dropIns,
  };
}
