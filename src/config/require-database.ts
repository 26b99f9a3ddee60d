import { BdError, command } from "../errors.ts";
import { decideKey } from "./decide-setting.ts";
import type { Metadata } from "./metadata.ts";
import { environmentValue } from "./process-view.ts";
import type { SettingSources } from "./setting-files.ts";
import type { Settings } from "./settings.ts";

/**
 * The database of a command that needs one. Any setting of a server, be it one variable, means that a server is meant;
 * without one, the workspace is the peer's embedded or self-started kind, and its issues are not where we would look.
 *
 * @throws BdError config/NOT_A_SERVER_WORKSPACE, config/NO_DATABASE
 */
export function requireDatabase(sources: SettingSources, settings: Settings): string {
  const { metadata, workspace } = sources;
  if (metadata !== undefined && !usesServer(metadata) && !serverIsNamed(sources)) {
    const mode = metadata.dolt_mode ?? "embedded";
    const path = workspace?.beadsDir ?? "the workspace";
    const message = `${path} keeps its issues in the Go program's own store (mode "${mode}", backend "${metadata.backend ?? "dolt"}"), which only that program opens`;
    throw new BdError("config", "NOT_A_SERVER_WORKSPACE", message, {
      hint: command`bd init --help`,
      details: { path: workspace?.metadataPath, mode },
    });
  }
  if (settings.database !== undefined) return settings.database;
  const place = workspace === undefined ? "" : ` in ${workspace.beadsDir}`;
  throw new BdError("config", "NO_DATABASE", `no database is named${place}`, {
    hint: command`bd init`,
    details: { path: workspace?.metadataPath },
  });
}

/** True where the issues are on a server, false for the peer's embedded and self-started stores. */
export function usesServer(metadata: Metadata): boolean {
  if (metadata.backend !== undefined && metadata.backend !== "dolt") return false;
  if (metadata.dolt_mode !== undefined) return metadata.dolt_mode === "server";
  return (
    metadata.dolt_server_host !== undefined ||
    metadata.dolt_server_port !== undefined ||
    metadata.dolt_server_socket !== undefined
  );
}

/** By somebody who runs this command: a flag, or a variable. */
function serverIsNamed(sources: SettingSources): boolean {
  if (/^(?:true|1)$/i.test(environmentValue(sources.view, "BEADS_DOLT_SERVER_MODE") ?? "")) return true;
  return (["dolt.host", "dolt.port", "dolt.socket"] as const).some((key) => {
    const speaker = decideKey(key, sources).winner?.speaker;
    return speaker === "flag" || speaker === "environment";
  });
}
