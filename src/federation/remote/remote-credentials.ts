import type { RemoteUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import type { Person } from "../../host/owners.ts";
import { requireSecret, type SecretFault } from "../../host/secret-file.ts";

/** What the person's environment says about remotes. */
export interface RemoteEnvironment extends Person {
  /** The value of DOLT_REMOTE_PASSWORD, which is kept apart so that no child process inherits it. */
  readonly remotePassword?: string | undefined;
}

export interface RemoteCredentials {
  readonly user: string | undefined;
  /** Not enumerable: it gets into no JSON, log or inspection by accident. */
  readonly password: string | undefined;
}

/**
 * The person's own credentials for remotes: DOLT_REMOTE_USER, and DOLT_REMOTE_PASSWORD or the file that
 * DOLT_REMOTE_PASSWORD_FILE names. Throws BdError config REMOTE_PASSWORD_FILE, REMOTE_USER_MISSING.
 */
export function readRemoteCredentials(environment: RemoteEnvironment): RemoteCredentials {
  const { env, remotePassword } = environment;
  const user = env["DOLT_REMOTE_USER"] || undefined;
  const path = env["DOLT_REMOTE_PASSWORD_FILE"] || undefined;
  const password =
    remotePassword ||
    (path === undefined ? undefined : requireSecret(path, environment, (fault) => badFile(path, fault)));
  if (password !== undefined && user === undefined) {
    throw new BdError(
      "config",
      "REMOTE_USER_MISSING",
      "there is a password for the remote, but DOLT_REMOTE_USER does not say whose",
      { hint: command`DOLT_REMOTE_USER=NAME bd dolt fetch` },
    );
  }
  return Object.defineProperty({ user, password: undefined }, "password", { value: password, enumerable: false });
}

/** As `readRemoteCredentials`, for remotes that ask for a password; for all others nothing of that is looked at. */
export function credentialsFor({ needs }: RemoteUrl, environment: RemoteEnvironment): RemoteCredentials {
  return needs === "password" ? readRemoteCredentials(environment) : { user: undefined, password: undefined };
}

function badFile(
  path: string,
  { why, mend = command`DOLT_REMOTE_PASSWORD_FILE=PATH bd dolt fetch` }: SecretFault,
): BdError {
  return new BdError("config", "REMOTE_PASSWORD_FILE", `${path}, which DOLT_REMOTE_PASSWORD_FILE names, ${why}`, {
    hint: mend,
    details: { path },
  });
}
