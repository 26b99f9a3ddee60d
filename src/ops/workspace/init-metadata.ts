import { decideKey } from "../../config/settings/decide-setting.ts";
import type { SettingSources } from "../../config/settings/setting-files.ts";
import type { SettingKey } from "../../config/settings/setting-table.ts";
import type { Metadata } from "../../config/workspace/metadata.ts";
import { usesServer } from "../../config/workspace/require-database.ts";
import type { Endpoint } from "../../core/endpoint.ts";

/** The Go program takes a server of its own where the file has no port: the default says that there is one. */
const DEFAULT_PORT = 3307;

/**
 * The file is committed, so it says of the server what the project says: by a flag, or in its settings. What comes from
 * one person's environment or settings stays theirs. A later file changes only what a flag says.
 */
export function initMetadata(
  sources: SettingSources,
  to: { readonly endpoint: Endpoint; readonly database: string; readonly projectId: string },
): Metadata {
  const { endpoint } = to;
  const existing = sources.metadata;
  const isFirst = existing === undefined || !usesServer(existing);
  const speakerOf = (key: SettingKey) => decideKey(key, sources).winner?.speaker;
  const isSaid = (key: SettingKey) => {
    const speaker = speakerOf(key);
    return speaker === "flag" || (isFirst && speaker === "project");
  };
  return {
    ...existing,
    ...(isFirst ? { database: "dolt", backend: "dolt", dolt_mode: "server" } : {}),
    ...(isSaid("dolt.host") ? { dolt_server_host: endpoint.host } : {}),
    ...portOf(),
    ...(isSaid("dolt.socket") && endpoint.socketPath !== undefined ? { dolt_server_socket: endpoint.socketPath } : {}),
    ...((isFirst && endpoint.user !== "root") || isSaid("dolt.user") ? { dolt_server_user: endpoint.user } : {}),
    ...(isFirst && endpoint.tls ? { dolt_server_tls: true } : {}),
    dolt_database: to.database,
    project_id: to.projectId,
  };

  function portOf(): Metadata {
    if (isSaid("dolt.port")) return { dolt_server_port: endpoint.port };
    // In the file it would go before the person's settings.
    if (!isFirst || existing?.dolt_server_port !== undefined || speakerOf("dolt.port") === "person") return {};
    return { dolt_server_port: DEFAULT_PORT };
  }
}
