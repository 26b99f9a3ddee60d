import * as z from "zod/mini";
import { findDolt } from "../../server/dolt/find-dolt.ts";
import { serverPaths } from "../../server/server-paths.ts";
import { startServer } from "../../server/start-server.ts";
import { findUnitServer } from "../../server/systemd/unit-status.ts";
import { defineOperation } from "../operation.ts";
import { identifyAs, inWords, PlaceInput, placeOf, serverEnvironment } from "./server-place.ts";

export interface StartResult {
  readonly outcome: "started" | "already-running";
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly logFile: string;
  /** The unit of systemd that runs the server already. */
  readonly unit?: string | undefined;
}

/** Starts our own server; refuses a port that somebody else holds, and what is systemd's to start. */
export const startOwnServer = defineOperation({
  name: "server.start",
  access: "machine",
  input: PlaceInput,
  async run(context, input: z.infer<typeof PlaceInput>): Promise<StartResult> {
    const environment = serverEnvironment(context);
    const endpoint = await placeOf(context, input);
    const { dataDir, logFile } = serverPaths(environment);
    const { host, port } = endpoint;
    const unit = await findUnitServer(environment, { host, port });
    if (unit !== undefined) return { outcome: "already-running", ...unit, host, port, dataDir, logFile };
    const dolt = await findDolt(environment);
    context.detail(inWords(dolt));
    const started = await startServer(environment, { dolt, host, port, identify: identifyAs(context, endpoint) });
    return { outcome: started.outcome, pid: started.server.pid, host, port, dataDir, logFile };
  },
  wire: {
    of: ({ outcome, pid, host, port, dataDir, logFile, unit }) => ({
      outcome,
      pid,
      host,
      port,
      data_dir: dataDir,
      log_file: unit === undefined ? logFile : undefined,
      unit,
    }),
    schema: () =>
      z.looseObject({
        outcome: z.enum(["started", "already-running"]),
        pid: z.int(),
        host: z.string(),
        port: z.int(),
        data_dir: z.string(),
        log_file: z.optional(z.string()),
        unit: z.optional(z.string()),
      }),
  },
});
