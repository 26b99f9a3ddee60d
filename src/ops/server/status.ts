import * as z from "zod/mini";
import { type ServerStatus, serverStatus, wordsInJournal } from "../../server/server-status.ts";
import { JOURNAL_LINE } from "../../server/systemd/unit-files.ts";
import { isActive, type UnitStatus } from "../../server/systemd/unit-status.ts";
import { defineOperation } from "../operation.ts";
import { natural, oneOf, time } from "../wire/formats.ts";
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
    schema: () =>
      z.looseObject({
        state: oneOf<ServerStatus["state"]>({ running: true, starting: true, stopped: true, stale: true }),
        running: z.boolean(),
        pid: z.optional(z.int()),
        host: z.string(),
        port: z.int(),
        answers: z.optional(z.string()),
        data_dir: z.string(),
        databases: z.array(z.string()),
        log_file: z.optional(z.string()),
        pid_file: z.string(),
        unit: z.optional(unitSchema()),
      }),
  },
});

function unitSchema() {
  return z.looseObject({
    path: z.string(),
    written_by_us: z.boolean(),
    dolt: z.optional(z.string()),
    dolt_exists: z.optional(z.boolean()),
    host: z.optional(z.string()),
    port: z.optional(z.int()),
    data_dir: z.optional(z.string()),
    enabled: z.optional(z.boolean()),
    state: z.optional(z.string()),
    sub_state: z.optional(z.string()),
    pid: z.optional(z.int()),
    since: z.optional(time()),
    restarts: z.optional(natural()),
    needs_reload: z.optional(z.boolean()),
    linger: z.optional(z.boolean()),
    journal: z.string(),
    drop_ins: z.array(z.string()),
  });
}

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
