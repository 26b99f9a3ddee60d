import type { Metadata } from "./metadata.ts";
import { findSetting } from "./setting-homes.ts";
import type { SettingCandidate } from "./setting-sources.ts";
import { booleanSetting, databaseSetting, portSetting } from "./setting-values.ts";

/**
 * The metadata with one setting changed, or taken out when `value` is undefined. For keys with the home `metadata`; the
 * value has the type that the file wants.
 *
 * @throws BdError usage/SETTING_INVALID
 */
export function metadataWith(metadata: Metadata, key: string, value: string | undefined): Metadata {
  const name = findSetting(key)?.metadata;
  if (name === undefined) throw new Error(`${key} does not live in metadata.json`);
  return { ...metadata, [name]: value === undefined ? undefined : typedValue(key, value) };
}

function typedValue(key: string, value: string): string | number | boolean {
  const candidate: SettingCandidate = { kind: "flag", source: "the command line", value };
  if (key === "dolt.port") return portSetting(key, candidate);
  if (key === "dolt.tls") return booleanSetting(key, candidate);
  if (key === "dolt.database") return databaseSetting(key, candidate);
  return value;
}
