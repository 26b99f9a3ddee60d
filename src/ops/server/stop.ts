import * as z from "zod/mini";
import { stopServer } from "../../server/stop-server.ts";
import { defineOperation } from "../operation.ts";
import { serverEnvironment } from "./server-place.ts";

export interface StopOutcome {
  readonly outcome: "stopped" | "not-running";
  readonly pid: number | undefined;
}

/** Ends the server that `server.start` started, and no other. */
export const stopOwnServer = defineOperation({
  name: "server.stop",
  access: "admin",
  input: z.strictObject({}),
  async run(context): Promise<StopOutcome> {
    const result = await stopServer(serverEnvironment(context));
    return { outcome: result.outcome, pid: result.outcome === "stopped" ? result.server.pid : undefined };
  },
});
