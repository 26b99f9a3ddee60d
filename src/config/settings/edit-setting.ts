import { BdError, command } from "../../errors.ts";
import type { Metadata } from "../workspace/metadata.ts";
import type { SettingWord } from "./decide-setting.ts";
import { parseWord } from "./decide-setting.ts";
import { ALL_SETTINGS, canonicalKey, type FoundSetting, findSetting, settingFor } from "./find-setting.ts";
import { SETTINGS } from "./setting-table.ts";

/** No two keys of the table are nearer to each other by accident. */
const NEAREST = 3;

/**
 * The row of a key that `bd config set` may write.
 *
 * @throws BdError usage/SETTING_UNKNOWN for a key that nobody knows, with the nearest one, and as `settingToUnset`
 */
export async function settingToSet(key: string): Promise<FoundSetting> {
  const row = settingToUnset(key);
  if (findSetting(key) !== undefined) return row;
  const near = await nearestSetting(key);
  const advice = near === undefined ? "what is your own goes under custom.* or kv.*" : `did you mean "${near}"?`;
  throw new BdError("usage", "SETTING_UNKNOWN", `there is no setting "${key}"; ${advice}`, {
    hint: near === undefined ? command`bd config set custom.${row.key} VALUE` : command`bd config explain ${near}`,
    details: { key, ...(near === undefined ? {} : { nearest: near }) },
  });
}

/** The setting that somebody may have meant by a key that nobody knows. */
export async function nearestSetting(key: string): Promise<string | undefined> {
  if (findSetting(key) !== undefined) return undefined;
  const { closest, distance } = await import("fastest-levenshtein");
  const known = [...ALL_SETTINGS.keys()].filter((name) => !name.endsWith("*"));
  const typed = key.toLowerCase();
  const ending = Object.keys(SETTINGS).find((name) => name.endsWith(`.${typed}`));
  if (ending !== undefined) return ending;
  const near = closest(typed, known);
  return distance(typed, near) <= NEAREST ? near : undefined;
}

/**
 * The row of a key that `bd config unset` may take out: of any, because another program may have set it.
 *
 * @throws BdError rejected/SETTING_FIXED for what makes up the project's identity, rejected/SETTING_IS_SECRET for the
 *   server's password, rejected/SETTING_IN_GIT, usage/SETTING_KEY_INVALID for what is no key
 */
export function settingToUnset(key: string): FoundSetting {
  const name = canonicalKey(key);
  if (!/^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/.test(name)) {
    const message = `${JSON.stringify(key)} is no name of a setting, such as status.custom`;
    throw new BdError("usage", "SETTING_KEY_INVALID", message, { hint: command`bd config list` });
  }
  const row = settingFor(name);
  if (row.fixed !== undefined) {
    const { reason, hint } = row.fixed;
    throw new BdError("rejected", "SETTING_FIXED", `${key} can't be set here: ${reason}`, { hint, details: { key } });
  }
  if (row.home !== "credentials") return row;
  throw new BdError(
    "rejected",
    "SETTING_IS_SECRET",
    `${key} is a secret, which no settings file keeps: it is read from BEADS_DOLT_PASSWORD or the credentials file`,
    { hint: command`bd config explain ${key}`, details: { key } },
  );
}

/**
 * Guards a yaml file that git tracks against secrets; call it before writing a setting into one.
 *
 * @throws BdError rejected/SETTING_IS_SECRET
 */
export function refuseSharedSecret({ key, secret }: FoundSetting, path: string): void {
  if (secret !== true) return;
  const message = `${key} is a secret, and ${path} is shared by git`;
  throw new BdError("rejected", "SETTING_IS_SECRET", message, {
    hint: command`bd config explain ${key}`,
    details: { key, path },
  });
}

/**
 * Checks a value that is to be written.
 *
 * @throws BdError usage/SETTING_INVALID, or what the kind of the value throws
 */
export function checkSettingValue(row: FoundSetting, value: string): void {
  parseWord(row.key, row, asTyped(value));
}

/**
 * The metadata with one setting changed, or taken out when `value` is undefined. For keys with the home `metadata`; the
 * value has the type that the file wants.
 *
 * @throws BdError usage/SETTING_INVALID
 */
export function metadataWith(metadata: Metadata, key: string, value: string | undefined): Metadata {
  const row = findSetting(key);
  if (row?.metadata === undefined) throw new Error(`${key} does not live in metadata.json`);
  return { ...metadata, [row.metadata]: value === undefined ? undefined : parseWord(key, row, asTyped(value)) };
}

function asTyped(value: string): SettingWord {
  return { speaker: "flag", source: "the command line", value };
}
