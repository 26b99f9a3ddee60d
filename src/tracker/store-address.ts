import type { RestAddress } from "./rest-connection.ts";
import { TrackerError } from "./tracker-error.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where the store is: over REST, or over TCP. */
export type StoreAddress =
  | { readonly kind: "rest"; readonly rest: RestAddress }
  | { readonly kind: "tcp"; readonly url: string };

/** As much of Node's process as is used where there is one. */
export interface HostProcess {
  readonly env?: Variables;
  readonly cwd?: () => string;
  readonly geteuid?: () => number;
  readonly getBuiltinModule?: (name: string) => unknown;
}

/** `process` is not everywhere. */
export function hostProcess(): HostProcess {
  const { process: host }: { readonly process?: HostProcess } = globalThis;
  return host ?? {};
}

export function hostVariables(): Variables {
  return hostProcess().env ?? {};
}

const NAMES =
  "KV_REST_API_URL and KV_REST_API_TOKEN (or UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN), KV_URL or REDIS_URL";

/** What the variables of the hosts say; REST goes first. Throws TrackerError where none is set: nothing is kept in memory instead. */
export function storeAddress(env: Variables): StoreAddress {
  const readOnly = env["KV_REST_API_READ_ONLY_TOKEN"];
  const rests = [
    [env["KV_REST_API_URL"], env["KV_REST_API_TOKEN"]],
    [env["UPSTASH_REDIS_REST_URL"], env["UPSTASH_REDIS_REST_TOKEN"]],
  ] as const;
  for (const [url, token] of rests) if (url && token) return { kind: "rest", rest: { url, token } };
  if (env["KV_REST_API_URL"] && readOnly) {
    return { kind: "rest", rest: { url: env["KV_REST_API_URL"], token: readOnly, isReadOnly: true } };
  }
  const tcp = env["KV_URL"] || env["REDIS_URL"];
  if (tcp) return { kind: "tcp", url: tcp };
  throw new TrackerError(503, `No task store is configured: set ${NAMES}`);
}
