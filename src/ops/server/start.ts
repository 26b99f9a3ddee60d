import type * as z from "zod/mini";
import { findDolt } from "../../server/find-dolt.ts";
import { serverPaths } from "../../server/server-paths.ts";
import { startServer } from "../../server/start-server.ts";
import { defineOperation } from "../operation.ts";
import { identifyAs, PlaceInput, placeOf, serverEnvironment } from "./server-place.ts";

export interface StartResult {
  readonly outcome: "started" | "already-running";
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly logFile: string;
}

/** Starts our own server; refuses a port that somebody else holds. */
export const startOwnServer = defineOperation({
  name: "server.start",
  access: "admin",
  input: PlaceInput,
  async run(context, input: z.infer<typeof PlaceInput>): Promise<StartResult> {
    const environment = serverEnvironment(context);
    const endpoint = await placeOf(context, input);
    const dolt = await findDolt(environment);
    const { host, port } = endpoint;
    const started = await startServer(environment, { dolt, host, port, identify: identifyAs(context, endpoint) });
    const { dataDir, logFile } = serverPaths(environment);
    return { outcome: started.outcome, pid: started.server.pid, host, port, dataDir, logFile };
  },
});
