import { parseTypeList } from "../../core/issue-type.ts";
import { parseCustomStatuses } from "../../core/status.ts";
import { checkText } from "../../core/text-limits.ts";
import { BdError, command } from "../../errors.ts";
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
    await tx.all([value === undefined ? deleteConfig(key) : saveConfig(key, value), ...mirrors]);
    return true;
  });
}

/** The peer's views read custom statuses and types from tables of their own. */
function mirrorsOf(key: string, value: string): Query<number>[] {
  if (key === "status.custom") return [replaceCustomStatuses(parseCustomStatuses(value))];
  if (key === "types.custom") return [replaceCustomTypes(parseTypes(value))];
  return [];
}

function parseTypes(value: string): string[] {
  const names = parseTypeList(value);
  const bad = names.find((name) => !/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,31}$/u.test(name));
  if (bad === undefined) return names;
  throw new BdError(
    "usage",
    "INVALID_ISSUE_TYPE",
    `invalid custom type ${JSON.stringify(bad)}: at most 32 letters, digits, "_", "-" and "."`,
    { hint: command`bd config get types.custom`, details: { value: bad } },
  );
}
