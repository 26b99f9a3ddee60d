import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { Endpoint } from "../../core/endpoint.ts";
import type { RemoteUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import { firstRow, text } from "../../store/query.ts";
import type { Session } from "../../store/session-types.ts";
import { sql } from "../../store/sql.ts";
import { isOnThisMachine } from "./local-dolt.ts";
import { lookNow } from "./read-outside-snapshot.ts";
import { viewFolder, withoutStore } from "./remote-folder.ts";
import type { Remote } from "./remotes.ts";

/** The folder behind a remote's URL, where the server and we see the same one; undefined elsewhere. */
export async function localFolder(session: Session, endpoint: Endpoint, url: RemoteUrl): Promise<string | undefined> {
  const path = isOnThisMachine(endpoint) ? folderOf(url) : undefined;
  return path !== undefined && (await seesOurFolders(session)) ? path : undefined;
}

/** Whether a remote is a folder of this machine in which nothing was ever pushed. Dolt makes folders by looking. */
export async function isBareFolder(session: Session, endpoint: Endpoint, url: RemoteUrl): Promise<boolean> {
  const path = await localFolder(session, endpoint, url);
  return path !== undefined && viewFolder(path).kind === "nothing";
}

interface BareFolder {
  readonly remote: Remote;
  readonly path: string;
  readonly mayMake: boolean;
}

/** A folder without a store takes a push when it is empty, or missing and meant. Throws BdError config REMOTE_NO_STORE. */
export function refuseFolder({ remote, path, mayMake }: BareFolder): void {
  const state = withoutStore(path);
  if (state === "empty" || (state === "missing" && mayMake)) return;
  const why =
    state === "missing"
      ? "is not there, and only the project's config.yaml names it: whoever means it names the remote to the server"
      : "holds something else than a remote: name an empty folder";
  throw noStore(remote, why);
}

/** Throws BdError config REMOTE_NO_STORE, before the server hears of the remote. */
export async function refuseUnheardFolder(
  session: Session,
  { endpoint, remote, isPush }: { readonly endpoint: Endpoint; readonly remote: Remote; readonly isPush: boolean },
): Promise<void> {
  const path = await localFolder(session, endpoint, remote.url);
  if (path === undefined || viewFolder(path).kind !== "nothing") return;
  if (isPush) refuseFolder({ remote, path, mayMake: false });
  else throw noStore(remote, "holds nothing that was ever pushed");
}

function noStore({ name, url }: Remote, why: string): BdError {
  return new BdError(
    "config",
    "REMOTE_NO_STORE",
    `the folder of remote '${name}' (${url.text}) ${why}; nothing was made or transferred`,
    { hint: command`bd dolt remote add ${name} URL`, details: { remote: name, url: url.text } },
  );
}

/** The path of a `file://` URL; undefined where it has none that we could look at. */
function folderOf({ scheme, text: url }: RemoteUrl): string | undefined {
  if (scheme !== "file") return undefined;
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** Whether the server and we see the same folders: it runs here, and not in a container with a name of its own. */
async function seesOurFolders(session: Session): Promise<boolean> {
  const name = await lookNow(
    session,
    firstRow(sql`SELECT @@hostname AS name`, (row) => text(row, "name")),
  );
  return name === hostname();
}
