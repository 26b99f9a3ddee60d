import type { Endpoint } from "../../core/endpoint.ts";
import { BdError } from "../../errors.ts";
import type { Timing } from "../../store/connection/pauses.ts";
import type { Session } from "../../store/session-types.ts";
import { folderTransport } from "./folder-transport.ts";
import { localDolt, REMOTE_WANTS } from "./local-dolt.ts";
import { localFolder } from "./local-folder.ts";
import { NotShared, relayTransport } from "./relay.ts";
import { isUnusableFolder, type RelayPlace } from "./relay-folder.ts";
import type { RemoteCredentials } from "./remote-credentials.ts";
import { classifyRemoteError, describeRemoteError } from "./remote-errors.ts";
import type { Remote } from "./remotes.ts";
import { serverTransport } from "./server-transport.ts";
import type { RelayObstacle, Transport } from "./transport.ts";

export interface TransportOptions {
  readonly session: Session;
  readonly endpoint: Endpoint;
  readonly remote: Remote;
  readonly branch: string;
  readonly credentials: RemoteCredentials;
  /** Whether a push may make the folder of a remote; default: no. */
  readonly mayMakeFolder?: boolean;
  readonly relay: {
    readonly place: RelayPlace;
    /** Gives the path of a dolt to run here; undefined where there is none. */
    readonly findDolt: () => Promise<string | undefined>;
    readonly env: Readonly<Record<string, string | undefined>>;
  };
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
  readonly detail: (line: string) => void;
}

const OTHER_FOLDER = [
  "name a folder in your shell that you and the server can write:",
  "  export XDG_STATE_HOME=FOLDER",
];
const GRANT_RELAY = "  GRANT EXECUTE ON PROCEDURE DATABASE.dolt_remote TO 'USER'@'%';";

/**
 * The way to a remote, the first that can be gone: the server where no password is asked for; the person's own
 * credentials, by the relay; the server's. `detail` hears why each was taken or passed over. The last way, nobody's
 * credentials, is the error of a transfer that is refused for want of them.
 */
export async function chooseTransport(options: TransportOptions): Promise<Transport> {
  const { remote, credentials, detail } = options;
  const { needs, text } = remote.url;
  if (needs !== "password") {
    detail(`${text} asks for ${REMOTE_WANTS[needs]}: the server transfers`);
    const server = serverTransport({ ...options, user: undefined });
    const path = await localFolder(options.session, options.endpoint, remote.url);
    if (path === undefined) return server;
    const relay = () => openRelay(options, { user: undefined, password: undefined });
    return folderTransport({
      session: options.session,
      path,
      mayMake: options.mayMakeFolder ?? false,
      server,
      relay,
      detail,
    });
  }
  const { user, password } = credentials;
  if (user === undefined || password === undefined) {
    detail("your shell has no password for remotes (DOLT_REMOTE_USER, DOLT_REMOTE_PASSWORD): the relay is passed over");
    return byServer(options, undefined);
  }
  const relay = await openRelay(options, { user, password });
  if (!("why" in relay)) {
    detail(`the relay transfers, as user '${user}' with the password of your shell`);
    return relay;
  }
  detail(`the relay is passed over: ${relay.why}`);
  return byServer(options, relay);
}

function byServer(options: TransportOptions, relayObstacle: RelayObstacle | undefined): Transport {
  const { user } = options.credentials;
  options.detail(
    user === undefined
      ? "the server transfers, without credentials"
      : `the server transfers, as user '${user}' with the password of its own environment`,
  );
  return { ...serverTransport({ ...options, user }), relayObstacle };
}

async function openRelay(
  options: TransportOptions,
  { user, password }: { readonly user: string | undefined; readonly password: string | undefined },
): Promise<Transport | RelayObstacle> {
  const { relay, signal } = options;
  const dolt = await localDolt(options);
  if (typeof dolt !== "string") return dolt;
  const transport = relayTransport({
    ...options,
    user,
    password,
    place: relay.place,
    dolt: { dolt, env: relay.env, signal },
  });
  try {
    await transport.prepare();
    return transport;
  } catch (error) {
    const obstacle = folderObstacle(error, relay.place);
    if (obstacle !== undefined) return obstacle;
    const { name, url } = options.remote;
    if (error instanceof BdError || classifyRemoteError(error) !== "not-ours")
      throw describeRemoteError(error, { name, url: url.text, user });
    return {
      why: "the server does not let its user add the relay to its remotes",
      wayOut: ["let the server's admin type, with the names of your database and of your user there:", GRANT_RELAY],
    };
  }
}

/** What is wrong with the relay's folder, where an error says that. */
function folderObstacle(error: unknown, { folder }: RelayPlace): RelayObstacle | undefined {
  if (error instanceof NotShared) return { why: `the server does not see the folder ${folder}`, wayOut: [] };
  return isUnusableFolder(error) ? { why: error.message, wayOut: OTHER_FOLDER } : undefined;
}
