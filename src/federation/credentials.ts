import { readFileSync, statSync } from "node:fs";
import type { RemoteUrl } from "../core/remote-url.ts";
import { BdError, command } from "../errors.ts";

/** What the person's environment says about remotes. */
export interface RemoteEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The value of DOLT_REMOTE_PASSWORD, which is kept apart so that no child process inherits it. */
  readonly remotePassword?: string | undefined;
}

export interface RemoteCredentials {
  readonly user: string | undefined;
  /** Not enumerable: it gets into no JSON, log or inspection by accident. */
  readonly password: string | undefined;
}

const WORLD_READABLE = 0o004;
const LONGEST_FILE = 64 * 1024;

/**
 * The person's own credentials for remotes: DOLT_REMOTE_USER, and DOLT_REMOTE_PASSWORD or the file that
 * DOLT_REMOTE_PASSWORD_FILE names. Throws BdError config REMOTE_PASSWORD_FILE, REMOTE_USER_MISSING.
 */
export function readRemoteCredentials({ env, remotePassword }: RemoteEnvironment): RemoteCredentials {
  const user = env["DOLT_REMOTE_USER"] || undefined;
  const path = env["DOLT_REMOTE_PASSWORD_FILE"] || undefined;
  const password = remotePassword || (path === undefined ? undefined : passwordFrom(path));
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

function passwordFrom(path: string): string {
  try {
    const stats = statSync(path);
    if (stats.isDirectory() || stats.size > LONGEST_FILE) throw badFile(path, "is no file with a password");
    if ((stats.mode & WORLD_READABLE) !== 0) {
      throw badFile(path, "can be read by everybody on this machine", command`chmod 600 ${path}`);
    }
    const password = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    if (password === "") throw badFile(path, "is empty");
    return password;
  } catch (error) {
    if (error instanceof BdError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw badFile(path, `can't be read (${code})`);
  }
}

function badFile(path: string, why: string, hint = command`DOLT_REMOTE_PASSWORD_FILE=PATH bd dolt fetch`): BdError {
  return new BdError("config", "REMOTE_PASSWORD_FILE", `${path}, which DOLT_REMOTE_PASSWORD_FILE names, ${why}`, {
    hint,
    details: { path },
  });
}
