import { nameHostOf, requireNamedHost } from "../../config/secrets/named-remotes.ts";
import type { RemoteUrl } from "../../core/remote-url.ts";
import { BdError } from "../../errors.ts";
import { credentialsFor, type RemoteCredentials } from "../../federation/remote/remote-credentials.ts";
import type { BaseContext } from "../context.ts";

/**
 * The person's credentials for a remote whose host the person has named. A user alone needs that too: the server would
 * send the password of its own environment along; and so does a login of the server's account, which goes unasked.
 *
 * @param remote.isTyped whether the URL stands in this very command
 * @param remote.again the words of the command to try again
 * @throws BdError config REMOTE_HOST_UNNAMED, and as `credentialsFor`
 */
export async function credentialsAt(
  context: BaseContext,
  remote: { readonly url: RemoteUrl; readonly isTyped: boolean; readonly again: readonly string[] },
): Promise<RemoteCredentials> {
  const credentials = credentialsFor(remote.url, context.machine);
  const goesUnasked = remote.url.needs === "server-credentials";
  if ((credentials.user !== undefined || goesUnasked) && !remote.isTyped) {
    requireNamedHost(remote.url, await context.sources(), remote.again);
  }
  return credentials;
}

/** Keeps the host of a remote that was typed and works, and says so in a line. Where that can't be kept, it says that. */
export async function keepHost(context: BaseContext, url: RemoteUrl): Promise<void> {
  try {
    const named = await nameHostOf(url, await context.sources(), context.signal);
    if (named === undefined) return;
    const { host, path } = named;
    const secret = url.needs === "password" ? "your password for remotes" : "the login of the server's account";
    context.note(`${secret} may go to ${host.text}${host.isPlain ? ", in the clear" : ""}: ${path} names it now`);
  } catch (error) {
    if (!(error instanceof BdError)) throw error;
    context.note(`the host is not among your federation.hosts, so no password goes there by itself: ${error.message}`);
  }
}
