import type { Endpoint } from "../../core/endpoint.ts";
import { isLoopback } from "../../host/loopback.ts";
import type { RelayObstacle } from "./transport.ts";

/** What remotes that take no password ask for, for people. */
export const REMOTE_WANTS = {
  nothing: "no password",
  "server-credentials": "credentials that the server's account has",
  "dolthub-login": "the login at DoltHub of the server's account",
} as const;

/** The dolt that a relay would run, where one is possible at all. */
export async function localDolt({
  endpoint,
  relay,
}: {
  readonly endpoint: Endpoint;
  readonly relay: { readonly findDolt: () => Promise<string | undefined> };
}): Promise<string | RelayObstacle> {
  if (!isOnThisMachine(endpoint)) return { why: `the server is on ${endpoint.host}`, wayOut: [] };
  const dolt = await relay.findDolt();
  if (dolt !== undefined) return dolt;
  return {
    why: "there is no dolt here to run",
    wayOut: ["get a dolt for your own credentials:", "  bd server install"],
  };
}

export function isOnThisMachine({ host, socketPath }: Endpoint): boolean {
  return socketPath !== undefined || isLoopback(host);
}
