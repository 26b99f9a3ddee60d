import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ServerEnvironment } from "./server-environment.ts";

/**
 * Returns the command that starts the server on this machine. Loaded on error paths of every command, so it imports
 * nothing heavy. `exists` is there for tests.
 */
export function startHint(
  environment: Pick<ServerEnvironment, "env" | "home">,
  exists: (path: string) => boolean = existsSync,
): string {
  const { env, home } = environment;
  const folders = [join(env.XDG_CONFIG_HOME || join(home, ".config"), "systemd/user"), "/etc/systemd/user"];
  const installed = folders.some((folder) => exists(join(folder, "dolt-server.service")));
  return installed ? "systemctl --user start dolt-server" : "bd server start";
}
