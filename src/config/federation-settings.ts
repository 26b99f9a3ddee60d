import { parseRemoteUrl } from "../core/remote-url.ts";
import { BdError, command } from "../errors.ts";
import { findSetting } from "./setting-homes.ts";
import { type SettingCandidate, type SettingSources, settingCandidates } from "./setting-sources.ts";

/** How far a project's data may go: T1 is shared without limits, T4 stays where it is. */
export const SOVEREIGNTY_TIERS = ["T1", "T2", "T3", "T4"] as const;
export type Sovereignty = (typeof SOVEREIGNTY_TIERS)[number];

export interface FederationSettings {
  /** URL of the project's own remote. */
  readonly remote: string | undefined;
  readonly sovereignty: Sovereignty;
}

/** Throws BdError config SETTING_INVALID naming the source of a bad value, usage where the command line gave it. */
export function resolveFederation(sources: SettingSources): FederationSettings {
  const remote = winner("federation.remote", sources);
  const sovereignty = winner("federation.sovereignty", sources);
  return {
    remote: remote === undefined ? undefined : remoteSetting(remote),
    sovereignty: sovereignty === undefined ? "T1" : sovereigntySetting(sovereignty),
  };
}

export function remoteSetting(candidate: SettingCandidate): string {
  try {
    return parseRemoteUrl(candidate.value).text;
  } catch (error) {
    if (!(error instanceof BdError) || candidate.kind === "flag") throw error;
    const kind = kindFor(candidate);
    throw new BdError(kind, "SETTING_INVALID", `${candidate.source}, federation.remote: ${error.message}`, {
      hint: command`bd config explain federation.remote`,
      details: { key: "federation.remote", source: candidate.source },
    });
  }
}

export function sovereigntySetting(candidate: SettingCandidate): Sovereignty {
  const tier = SOVEREIGNTY_TIERS.find((name) => name === candidate.value.toUpperCase());
  if (tier !== undefined) return tier;
  const message = `${candidate.source} says "${candidate.value}" for federation.sovereignty, which must be T1, T2, T3 or T4`;
  const kind = kindFor(candidate);
  throw new BdError(kind, "SETTING_INVALID", message, {
    hint: command`bd config explain federation.sovereignty`,
    details: { key: "federation.sovereignty", source: candidate.source, value: candidate.value },
  });
}

/** Whoever typed it made a mistake in usage; in a file or the environment it is one of configuration. */
function kindFor({ kind }: SettingCandidate): "usage" | "config" {
  return kind === "flag" ? "usage" : "config";
}

function winner(key: string, sources: SettingSources): SettingCandidate | undefined {
  const definition = findSetting(key);
  return definition === undefined ? undefined : settingCandidates(definition, sources)[0];
}
