import { requireSetting } from "../../config/settings/decide-setting.ts";
import { requireOwnFolder } from "../../config/workspace/workspace.ts";
import { realName } from "../../host/read-file.ts";
import type { DaemonOptions } from "../caller.ts";
import type { BaseContext } from "../context.ts";
import { httpOptions } from "../serve/serve.ts";

/** The `.beads` folder whose daemon is meant, without links. Throws as `requireOwnFolder`. */
export function daemonFolder(context: BaseContext): string {
  return realName(requireOwnFolder(context.workspace()));
}

/** What the settings make of a daemon. Throws BdError config/SETTING_INVALID. */
export async function daemonOptions(
  context: BaseContext,
  mode: DaemonOptions["mode"] | undefined,
): Promise<DaemonOptions> {
  const sources = await context.sources();
  const idleExitMs = requireSetting("daemon.idle-exit", sources);
  const pullsAndPushes = requireSetting("federation.auto", sources);
  const mirrors = requireSetting("tracker.mirror", sources);
  const serves = requireSetting("serve.enabled", sources);
  return {
    beadsDir: daemonFolder(context),
    mode: mode ?? requireSetting("daemon.mode", sources),
    // One that pulls and pushes, mirrors, or is there for browsers, has always something to do.
    idleExitMs: idleExitMs === 0 || pullsAndPushes || mirrors || serves ? undefined : idleExitMs,
    debounceMs: requireSetting("daemon.debounce-ms", sources),
    pollMs: requireSetting("daemon.poll-interval", sources),
    fallsBack: requireSetting("daemon.watcher-fallback", sources),
    http: serves ? await httpOptions(context, { readonly: false }) : undefined,
    roundMs: pullsAndPushes ? requireSetting("federation.auto-interval", sources) : undefined,
    mirrors,
  };
}
