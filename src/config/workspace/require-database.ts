import { BdError } from "../../errors.ts";
import { environmentValue } from "../process-view.ts";
import { decideKey, isPersons, readSetting } from "../settings/decide-setting.ts";
import type { SettingSources } from "../settings/setting-files.ts";
import type { Settings } from "../settings/settings.ts";
import { initHint } from "./init-hint.ts";
import type { Metadata } from "./metadata.ts";

/**
 * The database of a command that needs one. Any setting of a server, be it one variable, means that a server is meant;
 * without one, the workspace is of another kind (the peer's embedded and self-started ones, SQLite), and its issues are
 * not where we would look.
 *
 * @throws BdError config/NOT_A_SERVER_WORKSPACE, config/NO_DATABASE
 */
export function requireDatabase(sources: SettingSources, settings: Settings): string {
  const { metadata, workspace } = sources;
  if (metadata !== undefined && !usesServer(metadata) && !serverIsNamed(sources)) {
    const path = workspace?.beadsDir ?? "the workspace";
    const message = `${path} names ${storeOf(metadata)} as the place of its issues, and no Dolt server`;
    throw new BdError("config", "NOT_A_SERVER_WORKSPACE", message, {
      hint: hintIn(sources),
      details: { path: workspace?.metadataPath, mode: metadata.dolt_mode ?? "embedded" },
    });
  }
  if (settings.database !== undefined) return settings.database;
  const place = workspace === undefined ? "" : ` in ${workspace.beadsDir}`;
  throw new BdError("config", "NO_DATABASE", `no database is named${place}`, {
    hint: hintIn(sources),
    details: { path: workspace?.metadataPath },
  });
}

/**
 * A project's files say which database is theirs by its name and the id of the project in it. The name alone could be that
 * of any database of the person's: such a one is read, and written to only after the person named it.
 *
 * @throws BdError config/PROJECT_NOT_JOINED
 */
export function requireJoined(sources: SettingSources): void {
  const { winner } = decideKey("dolt.database", sources);
  if (winner === undefined || isPersons(winner) || readSetting("project_id", sources) !== undefined) return;
  const message = `${winner.source} names database '${winner.value}' without the id of its project, so that it could be any project's: nothing is written there before you join it by its name`;
  throw new BdError("config", "PROJECT_NOT_JOINED", message, {
    hint: hintIn(sources, [`--database=${winner.value}`]),
    details: { database: winner.value, source: winner.source },
  });
}

/** True where the issues are on a server, false for the peer's embedded and self-started stores, and for SQLite. */
export function usesServer(metadata: Metadata): boolean {
  if (metadata.backend !== undefined && metadata.backend !== "dolt") return false;
  if (metadata.dolt_mode !== undefined) return metadata.dolt_mode === "server";
  return (
    metadata.dolt_server_host !== undefined ||
    metadata.dolt_server_port !== undefined ||
    metadata.dolt_server_socket !== undefined
  );
}

/** The store that an old `metadata.json` means, for messages. */
function storeOf({ backend, database, dolt_mode: mode }: Metadata): string {
  if (backend !== undefined && backend !== "dolt") return `a store of kind "${backend}"`;
  if (database !== undefined && database !== "dolt") return `"${database}"`;
  return mode === undefined ? "a Dolt of its own" : `a Dolt of its own (mode "${mode}")`;
}

function hintIn({ view, workspace, metadata }: SettingSources, more?: readonly string[]) {
  return initHint(view, workspace === undefined ? undefined : { ...workspace, metadata }, more);
}

/** By somebody who runs this command: a flag, or a variable. */
function serverIsNamed(sources: SettingSources): boolean {
  if (/^(?:true|1)$/i.test(environmentValue(sources.view, "BEADS_DOLT_SERVER_MODE") ?? "")) return true;
  return (["dolt.host", "dolt.port", "dolt.socket"] as const).some((key) => {
    const speaker = decideKey(key, sources).winner?.speaker;
    return speaker === "flag" || speaker === "environment";
  });
}
