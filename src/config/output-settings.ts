import { BdError } from "../errors.ts";
import type { ProcessView } from "./process-view.ts";
import { readSettingSources, type SettingSources } from "./setting-sources.ts";
import { switchSetting } from "./settings.ts";
import { findWorkspace } from "./workspace.ts";

/** How answers look where no flag says it. */
export interface OutputSettings {
  readonly json: boolean;
  readonly jsonEnvelope: boolean;
}

/**
 * Reads them for any command, also one that has no workspace or whose settings are broken: what can't be read says
 * nothing here, and the command that needs it says what is wrong. Throws nothing.
 */
export async function readOutputSettings(
  view: ProcessView,
  options: { readonly directory?: string | undefined } = {},
): Promise<OutputSettings> {
  const sources = await readableSources(view, options);
  const isOn = (key: "json" | "json-envelope") => orElse(() => switchSetting(key, sources), false);
  return { json: isOn("json"), jsonEnvelope: isOn("json-envelope") };
}

async function readableSources(
  view: ProcessView,
  options: { readonly directory?: string | undefined },
): Promise<SettingSources> {
  const workspace = orElse(() => findWorkspace(view, options), undefined);
  try {
    return await readSettingSources(view, { workspace });
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
    return { view };
  }
}

function orElse<T>(read: () => T, fallback: T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
    return fallback;
  }
}
