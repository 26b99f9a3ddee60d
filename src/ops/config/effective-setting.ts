import { explainSetting, type SettingExplanation } from "../../config/settings/explain-setting.ts";
import { settingFor } from "../../config/settings/find-setting.ts";
import type { SettingSources } from "../../config/settings/setting-files.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import type { ReadContext } from "../context.ts";

/** Which value of a key counts, and why. The database is asked only for keys that live there. */
export async function effectiveSetting(context: ReadContext, key: string): Promise<SettingExplanation> {
  const sources = await context.sources();
  return explainSetting(key, settingFor(key).home === "database" ? await withDatabase(context, sources) : sources);
}

async function withDatabase(context: ReadContext, sources: SettingSources): Promise<SettingSources> {
  const [config] = await context.read((reader) => reader.all([projectConfig]));
  return { ...sources, database: config.entries };
}
