import { hostname, networkInterfaces } from "node:os";
import type { HttpOptions } from "../ops/caller.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * What a `Host` header may say: what was bound, and the names that the person gives it, which may lie behind a proxy with
 * a port of its own. Any other name that leads here was made to lead here.
 */
export function namesOf({ host, port, names }: Pick<HttpOptions, "host" | "port" | "names">): ReadonlySet<string> {
  const bound = host.includes(":") ? `[${host}]` : host;
  const own = isEverything(host) ? [...LOOPBACK, ...ownNames()] : isLoopback(host) ? LOOPBACK : [bound];
  const given = names.map((name) => name.toLowerCase());
  const withPort = [...own, bound].map((name) => `${name.toLowerCase()}:${port}`);
  // Browsers leave out the port of the protocol.
  const short = port === 80 ? [...own, bound].map((name) => name.toLowerCase()) : [];
  return new Set([...withPort, ...short, ...given, ...given.map((name) => `${name}:${port}`)]);
}

function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((own) => own ?? []);
  return [hostname(), ...addresses.map(({ address, family }) => (family === "IPv6" ? `[${address}]` : address))];
}

const isEverything = (host: string): boolean => host === "0.0.0.0" || host === "::";

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");
