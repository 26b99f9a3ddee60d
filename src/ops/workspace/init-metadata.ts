import type { Metadata } from "../../config/metadata.ts";
import type { Endpoint } from "../../core/endpoint.ts";
import type { InitInput } from "./init.ts";

/** A first file says where the server is, wherever that came from; a later one changes only what a flag says. */
export function initMetadata(
  existing: Metadata | undefined,
  to: {
    readonly endpoint: Endpoint;
    readonly input: InitInput;
    readonly database: string;
    readonly projectId: string | undefined;
  },
): Metadata {
  const { endpoint, input } = to;
  const first = existing === undefined;
  return {
    database: "dolt",
    backend: "dolt",
    dolt_mode: "server",
    ...existing,
    ...(first || input.server_host !== undefined ? { dolt_server_host: endpoint.host } : {}),
    ...(first || input.server_port !== undefined ? { dolt_server_port: endpoint.port } : {}),
    ...(endpoint.socketPath !== undefined && (first || input.server_socket !== undefined)
      ? { dolt_server_socket: endpoint.socketPath }
      : {}),
    ...((first && endpoint.user !== "root") || input.server_user !== undefined
      ? { dolt_server_user: endpoint.user }
      : {}),
    ...(first && endpoint.tls ? { dolt_server_tls: true } : {}),
    dolt_database: to.database,
    project_id: to.projectId,
  };
}
