import { explainSetting, type SettingExplanation } from "../../config/settings/explain-setting.ts";
import { settingFor } from "../../config/settings/find-setting.ts";
import type { SettingSources } from "../../config/settings/setting-files.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import { askGit } from "../../sync/run-git.ts";
import type { ReadContext } from "../context.ts";
import { gitCaller } from "../sync/open-home.ts";

/** Which value of a key counts, and why. The database and git are asked only for keys that live there. */
export async function effectiveSetting(context: ReadContext, key: string): Promise<SettingExplanation> {
  const sources = await context.sources();
  const { home } = settingFor(key);
  if (home === "git") return withGit(context, explainSetting(key, sources));
  return explainSetting(key, home === "database" ? await withDatabase(context, sources) : sources);
}

async function withGit(context: ReadContext, explanation: SettingExplanation): Promise<SettingExplanation> {
  const value = await askGit(gitCaller(context), context.folder, ["config", "--get", explanation.key]);
  return value === undefined ? explanation : { ...explanation, value, source: "git's configuration" };
}

async function withDatabase(context: ReadContext, sources: SettingSources): Promise<SettingSources> {
  const [config] = await context.read((reader) => reader.all([projectConfig]));
  return { ...sources, database: config.entries };
}
