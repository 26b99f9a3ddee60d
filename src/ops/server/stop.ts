import * as z from "zod/mini";
import { BdError, command } from "../../errors.ts";
import { dataHolder } from "../../server/data-holder.ts";
import type { ServerEnvironment } from "../../server/server-environment.ts";
import { serverPaths } from "../../server/server-paths.ts";
import { stopServer } from "../../server/stop-server.ts";
import { SERVER_UNIT } from "../../server/systemd/unit-files.ts";
import { unitStatus } from "../../server/systemd/unit-status.ts";
import { defineOperation } from "../operation.ts";
import { serverEnvironment } from "./server-place.ts";

export interface StopOutcome {
  readonly outcome: "stopped" | "not-running";
  readonly pid: number | undefined;
}

/**
 * Ends the server that `server.start` started, and no other. Refuses where another goes on with our data, because who
 * stops a server may remove its data next.
 */
export const stopOwnServer = defineOperation({
  name: "server.stop",
  access: "machine",
  input: z.strictObject({}),
  async run(context): Promise<StopOutcome> {
    const environment = serverEnvironment(context);
    const result = await stopServer(environment);
    if (result.outcome === "stopped") return { outcome: "stopped", pid: result.server.pid };
    await refuseWhileServed(environment);
    return { outcome: "not-running", pid: undefined };
  },
  wire: {
    of: ({ outcome, pid }) => ({ outcome, pid }),
    schema: () => z.looseObject({ outcome: z.enum(["stopped", "not-running"]), pid: z.optional(z.int()) }),
  },
});

/** Throws BdError rejected SERVER_IS_A_UNIT, unavailable DATA_DIR_TAKEN. */
async function refuseWhileServed(environment: ServerEnvironment): Promise<void> {
  const { dataDir } = serverPaths(environment);
  const unit = await unitStatus(environment);
  const state = unit?.manager?.state;
  // Between two attempts it is `activating`, and starts again by itself.
  const runs = state !== undefined && state !== "inactive" && state !== "failed";
  // Of a unit that does not say its folder plainly, the worse is to be feared.
  if (runs && (unit?.dataDir ?? dataDir) === dataDir) {
    throw new BdError(
      "rejected",
      "SERVER_IS_A_UNIT",
      `systemd runs this server, as ${SERVER_UNIT} (${state}); nothing was stopped`,
      { hint: command`systemctl --user stop dolt-server`, details: { unit: unit?.path, state } },
    );
  }
  const pid = await dataHolder(environment);
  if (pid === undefined) return;
  throw new BdError(
    "unavailable",
    "DATA_DIR_TAKEN",
    `A dolt server that \`bd server start\` did not start (pid ${pid}) holds ${dataDir}; nothing was stopped`,
    { hint: command`bd server status`, details: { pid, data_dir: dataDir } },
  );
}
