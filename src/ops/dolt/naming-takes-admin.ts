import { BdError, command } from "../../errors.ts";
import { takesAdmin } from "../../store/connection/takes-admin.ts";

/** For a remote that the server does not let its user make known to it; other errors pass unchanged. */
export function namingTakesAdmin(
  error: unknown,
  { name, url, user }: { readonly name: string; readonly url: string; readonly user: string },
): unknown {
  // Without a remote in its details it is about something else, such as the right to read.
  if (!(error instanceof BdError) || error.details?.["remote"] === undefined) return error;
  return takesAdmin(error, {
    user,
    what: `name remote '${name}' to it`,
    hint: command`BEADS_DOLT_SERVER_USER=ADMIN bd dolt remote add ${name} ${url}`,
  });
}
