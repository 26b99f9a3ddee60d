import { BdError, command } from "../../errors.ts";
import type { ServerEnvironment } from "../server-environment.ts";
import { serverPaths } from "../server-paths.ts";
import { SERVER_UNIT } from "./unit-folders.ts";
import { unitStatus } from "./unit-status.ts";

/**
 * The server that a unit of systemd runs in this place; undefined where no unit stands for it, or no user manager runs.
 *
 * @throws BdError `rejected` SERVER_IS_A_UNIT where it is the unit's to start
 */
export async function findUnitServer(
  environment: ServerEnvironment,
  place: { readonly host: string; readonly port: number },
): Promise<{ readonly unit: string; readonly pid: number } | undefined> {
  const unit = await unitStatus(environment);
  if (unit?.manager === undefined) return undefined;
  const isSamePlace = unit.host === place.host && unit.port === place.port;
  if (!isSamePlace && unit.dataDir !== serverPaths(environment).dataDir) return undefined;
  const { state, pid } = unit.manager;
  if (isSamePlace && state === "active" && pid !== undefined) return { unit: SERVER_UNIT, pid };
  throw new BdError(
    "rejected",
    "SERVER_IS_A_UNIT",
    `systemd runs this server, as ${SERVER_UNIT} on ${unit.host}:${unit.port} (${state})`,
    {
      hint: state === "active" ? command`bd server status` : command`systemctl --user start dolt-server`,
      details: { unit: unit.path, state },
    },
  );
}
