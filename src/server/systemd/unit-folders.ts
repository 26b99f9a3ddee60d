import { join } from "node:path";
import { xdgFolder } from "../../host/xdg-folder.ts";
import type { ServerEnvironment } from "../server-environment.ts";

export const SERVER_UNIT = "dolt-server.service";
export const REMOTE_PASSWORD_DROP_IN = `${SERVER_UNIT}.d/remote-password.conf`;
export const BACKUP_UNITS = ["bd-backup@.service", "bd-backup@.timer"] as const;

/** Where the person's own units live; it hides units of the same name in all other folders. */
export function ownUnitFolder(environment: Pick<ServerEnvironment, "env" | "home">): string {
  return join(xdgFolder("config", environment), "systemd/user");
}

/** The folders in which a unit for the server may stand, the first that counts first. */
export function unitFolders(environment: Pick<ServerEnvironment, "env" | "home">): readonly string[] {
  return [ownUnitFolder(environment), "/etc/systemd/user"];
}
