import { checkSettingValue, metadataWith, refuseSharedSecret } from "../../config/settings/edit-setting.ts";
import type { FoundSetting } from "../../config/settings/find-setting.ts";
import { personConfigPath } from "../../config/settings/setting-files.ts";
import { editMetadata } from "../../config/workspace/metadata.ts";
import { requireOwnFolder } from "../../config/workspace/workspace.ts";
import { setYamlSetting, unsetYamlSetting } from "../../config/yaml/yaml-edit.ts";
import { BdError, command } from "../../errors.ts";
import type { EditRules } from "../../host/edit-text-file.ts";
import type { WriteContext } from "../context.ts";
import { saveDatabaseSetting } from "./database-setting.ts";

/** What only its owner may read, because it may hold secrets. */
const PRIVATE_MODE = 0o600;

/** Where a setting was written, and whether that changed anything. */
export interface WrittenSetting {
  /** Path of a file, or `the table config`. */
  readonly location: string;
  readonly changed: boolean;
}

/** Sets a key in its home, or takes it out where `value` is undefined. */
export async function writeSetting(
  context: WriteContext,
  row: FoundSetting,
  value: string | undefined,
): Promise<WrittenSetting> {
  const { key, home } = row;
  const { signal } = context;
  if (value !== undefined) checkSettingValue(row, value);
  switch (home) {
    case "database":
      return { location: "the table config", changed: await saveDatabaseSetting(context, key, value) };
    case "project": {
      const workspace = context.workspace();
      if (value !== undefined) refuseSharedSecret(row, workspace.configPath);
      return writeYaml(workspace.configPath, { key, value }, { within: requireOwnFolder(workspace), signal });
    }
    case "person":
      return writeYaml(personConfigPath(context.machine), { key, value }, { mode: PRIVATE_MODE, signal });
    case "metadata": {
      const workspace = context.workspace();
      const changed = await editMetadata(workspace, (metadata) => metadataWith(metadata, key, value), { signal });
      return { location: workspace.metadataPath, changed };
    }
    case "git":
      throw new BdError("rejected", "SETTING_IN_GIT", `${key} lives in git's own configuration`, {
        hint: value === undefined ? command`git config --unset ${key}` : command`git config -- ${key} ${value}`,
      });
    case "credentials":
      throw new Error(`${key} has no file, and settingToUnset refuses it`);
  }
}

async function writeYaml(
  path: string,
  { key, value }: { readonly key: string; readonly value: string | undefined },
  rules: EditRules,
): Promise<WrittenSetting> {
  if (value === undefined) return { location: path, changed: await unsetYamlSetting(path, key, rules) };
  await setYamlSetting(path, key, value, rules);
  return { location: path, changed: true };
}
