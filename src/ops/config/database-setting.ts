import { SETTINGS } from "../../config/settings/setting-table.ts";
import { parseCustomStatuses } from "../../core/issue/status.ts";
import { checkText } from "../../core/text-limits.ts";
import { projectConfig } from "../../store/queries/project-config.ts";
import {
  deleteConfig,
  replaceCustomStatuses,
  replaceCustomTypes,
  saveConfig,
} from "../../store/queries/write-settings.ts";
import type { Query } from "../../store/query.ts";
import type { WriteContext } from "../context.ts";

/**
 * Sets a row of the table `config`, or deletes it where `value` is undefined, with the tables that mirror it, in one
 * commit. Gives whether anything changed.
 * Throws BdError usage INVALID_CUSTOM_STATUS, INVALID_ISSUE_TYPE, TEXT_TOO_LONG, INVALID_TEXT.
 */
export async function saveDatabaseSetting(
  context: WriteContext,
  key: string,
  given: string | undefined,
): Promise<boolean> {
  checkText("setting_key", key);
  checkText("setting", given ?? "");
  // What lists are filtered by has one form.
  const value = key === "types.infra" && given !== undefined ? parseTypes(given).join(",") : given;
  const mirrors = mirrorsOf(key, value ?? "");
  const verb = value === undefined ? "unset" : "set";
  return context.write(`bd: config ${verb} ${key}`, async (tx) => {
    const [{ entries }] = await tx.all([projectConfig]);
    if (entries.get(key) === value) return false;
    await tx.all([value === undefined ? deleteConfig(key) : saveConfig([key, value]), ...mirrors]);
    return true;
  });
}

/** The peer's views read custom statuses and types from tables of their own. */
function mirrorsOf(key: string, value: string): Query<number>[] {
  if (key === "status.custom") return [replaceCustomStatuses(parseCustomStatuses(value))];
  if (key === "types.custom") return [replaceCustomTypes(parseTypes(value))];
  return [];
}

function parseTypes(value: string): readonly string[] {
  return SETTINGS["types.custom"].holds.parse(value) ?? [];
}
