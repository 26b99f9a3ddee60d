/** Where a Dolt SQL server listens, and whom we connect as. The password never leaves this value but to the driver. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Path of a unix socket; wins over host and port. */
  readonly socketPath?: string | undefined;
  readonly user: string;
  readonly password?: string | undefined;
  readonly tls: boolean;
}

/** For messages: `127.0.0.1:3307`, or the path of the socket. */
export function endpointName(endpoint: Pick<Endpoint, "host" | "port" | "socketPath">): string {
  return endpoint.socketPath ?? `${endpoint.host}:${endpoint.port}`;
}
