import type { App } from "../app/app.ts";
import type { Env } from "./env.ts";

/**
 * Starts a daemon for the lines that come, where the person's settings want one and none is there. The line is done, and
 * nobody waits; what is wrong with it, `bd daemon start` says.
 */
export async function autostart(
  { name, directory }: { readonly name: string; readonly directory: string | undefined },
  app: App,
  { host, direct, machine, place, signal }: Env,
): Promise<void> {
  const isWanted = host === undefined && direct === undefined && !place.env["BEADS_NO_DAEMON"];
  if (!isWanted || machine.platform === "win32" || /^(?:daemon|server|init)\b/.test(name)) return;
  const caller = {
    ...place,
    readonly: false,
    directory,
    database: undefined,
    actor: undefined,
    session: undefined,
  };
  for await (const frame of app.call("daemon.start", { foreground: false, waits: false }, { caller, signal })) {
    if (frame.kind === "result" || frame.kind === "error") return;
  }
}
