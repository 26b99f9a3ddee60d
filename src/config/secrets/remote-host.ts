import { isIPv6 } from "node:net";
import type { RemoteUrl } from "../../core/remote-url.ts";
import { isLoopback } from "../../host/loopback.ts";
import { host as hostKind, port as portKind, type SettingKind } from "../settings/setting-kinds.ts";

/** Where a password for a remote goes: to one port of one host, and with TLS unless it says otherwise. */
export interface RemoteHost {
  /** In its one spelling: `tracker.example.org`, `tracker.example.org:8443`, `http://tracker.example.org:8080`. */
  readonly text: string;
  /** Whether that is this machine. */
  readonly isOwn: boolean;
  /** Without TLS, so that whoever is on the way can read the password. */
  readonly isPlain: boolean;
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const;
const FORM = /^(?:(https?):\/\/)?(?:\[([\da-f:.]+)\]|([^:/[\]]+))(?::(\d+))?\/?$/i;

/** A host as a person names it. Without a port it is that of https, or of http where it begins so. */
function parseRemoteHost(text: string): RemoteHost | undefined {
  const [, scheme, inBrackets, bare, port] = FORM.exec(text) ?? [];
  const known = scheme?.toLowerCase() === "http" ? "http" : "https";
  const host = oneSpelling(inBrackets, bare);
  const number = port === undefined ? DEFAULT_PORTS[known] : portKind.parse(port);
  if (host === undefined || number === undefined) return undefined;
  const shown = isIPv6(host) ? `[${host}]` : host;
  const suffix = number === DEFAULT_PORTS[known] ? "" : `:${number}`;
  const isPlain = known === "http";
  return { text: `${isPlain ? "http://" : ""}${shown}${suffix}`, isOwn: isLoopback(host), isPlain };
}

function oneSpelling(inBrackets: string | undefined, bare = ""): string | undefined {
  if (inBrackets === undefined)
    return isIPv6(bare) ? undefined : hostKind.parse(bare)?.toLowerCase().replace(/\.$/, "");
  return isIPv6(inBrackets) ? new URL(`http://[${inBrackets}]`).hostname.slice(1, -1) : undefined;
}

/** Where the password or the token for a remote would go; undefined where no host gets one that is good elsewhere. */
export function remoteHostOf({ tellsHost, text, scheme }: RemoteUrl): RemoteHost | undefined {
  if (!tellsHost) return undefined;
  const origin = (/^\w+:\/\/[^/]*/.exec(text)?.[0] ?? text).replace(/^az:/, "https:");
  // What can't be a host can't be named either.
  return parseRemoteHost(origin) ?? { text: origin, isOwn: false, isPlain: scheme === "http" };
}

/** The hosts that may have the person's password for remotes. */
export const remoteHosts: SettingKind<readonly RemoteHost[]> = {
  expected: "HOST, HOST:PORT or http://HOST:PORT, separated by commas",
  parse(value) {
    const texts = value.split(",").map((text) => text.trim());
    const hosts = texts.filter((text) => text !== "").map(parseRemoteHost);
    return hosts.every((host) => host !== undefined) ? hosts : undefined;
  },
};
