import * as z from "zod/mini";
import { stopServer } from "../../server/stop-server.ts";
import { SERVER_UNIT } from "../../server/systemd/unit-folders.ts";
import { unitStatus } from "../../server/systemd/unit-status.ts";
import { defineOperation } from "../operation.ts";
import { serverEnvironment } from "./server-place.ts";

export interface StopOutcome {
  readonly outcome: "stopped" | "not-running";
  readonly pid: number | undefined;
  /** The unit of systemd that runs a server here, which is not ours to stop. */
  readonly unit: string | undefined;
}

/** Ends the server that `server.start` started, and no other. */
export const stopOwnServer = defineOperation({
  name: "server.stop",
  access: "admin",
  input: z.strictObject({}),
  async run(context): Promise<StopOutcome> {
    const environment = serverEnvironment(context);
    const result = await stopServer(environment);
    if (result.outcome === "stopped") return { outcome: "stopped", pid: result.server.pid, unit: undefined };
    const unit = await unitStatus(environment);
    return {
      outcome: "not-running",
      pid: undefined,
      unit: unit?.manager?.state === "active" ? SERVER_UNIT : undefined,
    };
  },
});
