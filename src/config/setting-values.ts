import { BdError, command } from "../errors.ts";
import { remoteSetting, sovereigntySetting } from "./federation-settings.ts";
import { isDatabaseName } from "./prefix.ts";
import type { SettingCandidate } from "./setting-sources.ts";

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000 } as const;

/** `true`, `yes`, `on`, `1` and their opposites, in any case. */
export function booleanSetting(key: string, candidate: SettingCandidate | undefined): boolean {
  if (candidate === undefined || /^(?:false|no|off|0)$/i.test(candidate.value)) return false;
  if (/^(?:true|yes|on|1)$/i.test(candidate.value)) return true;
  throw badValue(key, candidate, "true or false");
}

/** For a variable whose mere presence says yes, whatever its text; only a clear no is a no. */
export function presenceSetting(candidate: SettingCandidate | undefined): boolean {
  return candidate !== undefined && !/^(?:false|no|off|0)$/i.test(candidate.value);
}

/** A TCP port, 1 to 65535. */
export function portSetting(key: string, candidate: SettingCandidate): number {
  const port = /^\d{1,5}$/.test(candidate.value) ? Number(candidate.value) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw badValue(key, candidate, "a port from 1 to 65535");
}

/** Milliseconds from seconds (`30`, `2.5`) or a number with a unit (`30s`, `500ms`, `1m`). */
export function durationSetting(key: string, candidate: SettingCandidate): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(candidate.value);
  if (match === null) throw badValue(key, candidate, "a time such as 30s or 500ms");
  const unit = match[2] === "ms" || match[2] === "m" ? match[2] : "s";
  return Math.round(Number(match[1]) * MILLISECONDS[unit]);
}

/** The name of a database; a path, which the peer takes in the same places, is refused. */
export function databaseSetting(key: string, candidate: SettingCandidate): string {
  if (isDatabaseName(candidate.value)) return candidate.value;
  throw badValue(key, candidate, "the name of a database (a workspace elsewhere is chosen by -C DIR or BEADS_DIR)");
}

/**
 * Checks a value that is to be written for a key that the program acts on; any other key takes any text.
 *
 * @throws BdError usage/SETTING_INVALID
 */
export function checkSettingValue(key: string, value: string): void {
  const candidate: SettingCandidate = { kind: "flag", source: "the command line", value };
  if (key === "dolt.retry-max") durationSetting(key, candidate);
  if (SWITCHES.has(key)) booleanSetting(key, candidate);
  if (key === "issue_id_mode" && value !== "hash" && value !== "counter") {
    throw badValue(key, candidate, "hash or counter");
  }
  if (key === "federation.remote") remoteSetting(candidate);
  if (key === "federation.sovereignty") sovereigntySetting(candidate);
}

const SWITCHES: ReadonlySet<string> = new Set(["json", "json-envelope", "readonly"]);

function badValue(key: string, candidate: SettingCandidate, expected: string): BdError {
  const kind = candidate.kind === "flag" ? "usage" : "config";
  const message = `${candidate.source} says "${candidate.value}" for ${key}, which must be ${expected}`;
  return new BdError(kind, "SETTING_INVALID", message, {
    hint: command`bd config explain ${key}`,
    details: { key, source: candidate.source, value: candidate.value },
  });
}
