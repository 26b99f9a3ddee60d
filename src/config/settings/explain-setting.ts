import { shownUrl } from "../../core/remote-url.ts";
import { BdError } from "../../errors.ts";
import { decideSetting, type SettingWord } from "./decide-setting.ts";
import { isSecret, settingFor } from "./find-setting.ts";
import type { SettingSources } from "./setting-files.ts";
import type { Setting, SettingHome, Trust } from "./setting-table.ts";
import { decidePassword, endpointWithoutPassword } from "./settings.ts";

/** What a secret looks like wherever settings are printed. */
const REDACTED = "(set)";

export interface SettingExplanation {
  readonly key: string;
  readonly summary: string;
  /** `undefined` when nothing sets it; `(set)` for a secret. */
  readonly value: string | undefined;
  /** What is wrong with the value. */
  readonly problem: string | undefined;
  readonly home: SettingHome;
  /** Who may say it. */
  readonly trust: Trust;
  /** Who gives the value; `undefined` when nobody does. */
  readonly source: string | undefined;
  /** Who gives another value that does not count, the strongest first. */
  readonly losers: readonly { readonly source: string; readonly value: string; readonly why: string }[];
}

/**
 * Tells where the value of a key comes from. A bad value is explained like a good one (the password alone needs an
 * endpoint that makes sense).
 */
export function explainSetting(key: string, sources: SettingSources): SettingExplanation {
  const row = settingFor(key);
  const { winner, others } =
    row.key === "dolt.password"
      ? decidePassword(endpointWithoutPassword(sources), sources)
      : decideSetting(row, sources);
  return {
    key: row.key,
    summary: row.summary,
    value: winner && redacted(row.key, winner.value),
    problem: winner && problemWith(row, winner),
    home: row.home,
    trust: row.trust,
    source: winner?.source,
    losers: others.map(({ source, value, why }) => ({ source, value: redacted(row.key, value), why })),
  };
}

/** A value as it may be printed: a secret is only said to be set, and a URL loses its passwords. */
export function redacted(key: string, value: string): string {
  if (isSecret(key)) return REDACTED;
  return key === "federation.remote" ? shownUrl(value) : value;
}

function problemWith({ holds }: Setting, { value }: SettingWord): string | undefined {
  try {
    return holds.parse(value) === undefined ? `it must be ${holds.expected}` : undefined;
  } catch (error) {
    if (error instanceof BdError) return error.message;
    throw error;
  }
}
