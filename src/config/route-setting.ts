import { BdError, command } from "../errors.ts";
import { canonicalKey, findSetting, type SettingDefinition, type SettingHome } from "./setting-homes.ts";

/** Where `bd config set` and `unset` go with a key. */
export interface SettingRoute {
  readonly key: string;
  readonly home: SettingHome;
  /** Lines for stderr, when we don't know the key. */
  readonly warnings: readonly string[];
  readonly definition: SettingDefinition | undefined;
}

/** The home of a key. Unknown keys live in the database, as the peer's do. */
export function homeOf(key: string): SettingHome {
  return findSetting(key)?.home ?? "database";
}

/**
 * Decides where a key is written.
 *
 * @throws BdError rejected/SETTING_FIXED for what makes up the project's identity, rejected/SETTING_IS_SECRET for the
 *   server's password, usage/SETTING_KEY_INVALID for what is no key
 */
export function routeSetting(key: string): SettingRoute {
  const name = canonicalKey(key);
  if (!/^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/.test(name)) {
    const message = `"${key}" is no name of a setting, such as status.custom`;
    throw new BdError("usage", "SETTING_KEY_INVALID", message, { hint: command`bd config list` });
  }
  const definition = findSetting(name);
  if (definition?.fixed !== undefined) {
    const { reason, hint } = definition.fixed;
    throw new BdError("rejected", "SETTING_FIXED", `${key} can't be set here: ${reason}`, { hint, details: { key } });
  }
  if (definition?.home === "credentials") {
    throw new BdError(
      "rejected",
      "SETTING_IS_SECRET",
      `${key} is a secret, which no settings file keeps: it is read from BEADS_DOLT_PASSWORD or the credentials file`,
      {
        hint: command`bd config explain ${key}`,
        details: { key },
      },
    );
  }
  const warnings = definition === undefined ? unknownKeyWarning(key) : [];
  return { key: name, home: definition?.home ?? "database", warnings, definition };
}

/**
 * Guards a yaml file that git tracks against secrets; call it before writing `key` into one.
 *
 * @throws BdError rejected/SETTING_IS_SECRET
 */
export function refuseSharedSecret(key: string, path: string): void {
  if (findSetting(key)?.secret !== true) return;
  const message = `${key} is a secret, and ${path} is shared by git`;
  throw new BdError("rejected", "SETTING_IS_SECRET", message, {
    hint: command`bd config explain ${key}`,
    details: { key, path },
  });
}

function unknownKeyWarning(key: string): string[] {
  return [
    `Warning: "${key}" is not a recognized config key. Use 'custom.*' for user-defined keys.`,
    "Run 'bd config --help' for valid namespaces.",
  ];
}
