import { requireSetting } from "../../config/settings/decide-setting.ts";
import type { SettingSources } from "../../config/settings/setting-files.ts";

/** The words of tasks, from new to finished. Throws BdError config SETTING_INVALID. */
export function statusWords(sources: SettingSources): readonly [string, ...string[]] {
  const [first = "", ...more] = requireSetting("tracker.statuses", sources).map(([word]) => word);
  return [first, ...more];
}
