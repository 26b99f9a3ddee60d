import { BdError, command } from "../../errors.ts";
import { fetchFrom, type RemoteFailure } from "./remote-errors.ts";
import type { RelayObstacle, Way } from "./transport.ts";

/**
 * The last way: nobody has credentials that this remote would take. Says which can be set up, with the lines to type;
 * undefined where the failure is another one.
 */
export function credentialsMissing(
  failure: RemoteFailure,
  { remote, carrier, user, relayObstacle, again = fetchFrom(remote.name) }: Way,
): BdError | undefined {
  const nobodyHasAny = failure === "no-password" || (failure === "denied" && user === undefined);
  if (carrier !== "server-password" || !nobodyHasAny) return undefined;
  const lines = [
    `remote '${remote.name}' (${remote.url.text}) wants a user and a password${obstacleText(relayObstacle)}. Either of these gives them:`,
    ...(relayObstacle === undefined
      ? [
          "  in your shell:",
          "    export DOLT_REMOTE_USER=NAME",
          "    export DOLT_REMOTE_PASSWORD=PASSWORD  # or DOLT_REMOTE_PASSWORD_FILE=PATH, a file that only you can read",
        ]
      : relayObstacle.wayOut.map((line) => `  ${line}`)),
    "  in the Dolt server's environment, for everybody who uses it:",
    "    DOLT_REMOTE_PASSWORD=PASSWORD dolt sql-server …",
    ...(user === undefined ? ["    export DOLT_REMOTE_USER=NAME  # in your shell, so that it knows whose"] : []),
  ];
  return new BdError("config", "REMOTE_CREDENTIALS_MISSING", lines.join("\n"), {
    hint: command`DOLT_REMOTE_USER=NAME DOLT_REMOTE_PASSWORD_FILE=PATH ${again}`,
    details: { remote: remote.name, url: remote.url.text, user },
  });
}

function obstacleText(obstacle: RelayObstacle | undefined): string {
  if (obstacle === undefined) return ", and neither your shell nor the server has them";
  return `; the server has none, and yours are of no use because ${obstacle.why}`;
}
