import { shownUrl } from "../core/remote-url.ts";
import { canonicalKey, findSetting, isSecret, type SettingDefinition, type SettingHome } from "./setting-homes.ts";
import { ignoredCandidates, type SettingCandidate, type SettingSources, settingCandidates } from "./setting-sources.ts";
import { passwordCandidates } from "./settings.ts";

/** What a secret looks like wherever settings are printed. */
const REDACTED = "(set)";

export interface SettingExplanation {
  readonly key: string;
  /** `undefined` when nothing sets it; `(set)` for a secret. */
  readonly value: string | undefined;
  readonly home: SettingHome;
  /** Who gives the value; `undefined` when nobody does. */
  readonly source: string | undefined;
  /** Who gives another value that does not count, the strongest first. */
  readonly losers: readonly { readonly source: string; readonly value: string }[];
}

/**
 * Tells where the value of a key comes from. A bad value is explained like a good one (the password alone needs an
 * endpoint that makes sense).
 */
export function explainSetting(key: string, sources: SettingSources): SettingExplanation {
  const name = canonicalKey(key);
  const definition: SettingDefinition = findSetting(name) ?? { key: name, home: "database", summary: "" };
  const [winner, ...others] = allCandidates(definition, sources);
  const shown = (candidate: SettingCandidate): string => redacted(name, candidate.value);
  return {
    key: name,
    value: winner && shown(winner),
    home: definition.home,
    source: winner?.source,
    losers: [...others, ...ignoredCandidates(definition, sources)].map((loser) => ({
      source: loser.source,
      value: shown(loser),
    })),
  };
}

/** A value as it may be printed: a secret is only said to be set, and a URL loses its passwords. */
export function redacted(key: string, value: string): string {
  if (isSecret(key)) return REDACTED;
  return key === "federation.remote" ? shownUrl(value) : value;
}

function allCandidates(definition: SettingDefinition, sources: SettingSources): SettingCandidate[] {
  return definition.key === "dolt.password" ? passwordCandidates(sources) : settingCandidates(definition, sources);
}
