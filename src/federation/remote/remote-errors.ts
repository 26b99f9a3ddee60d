import { type RemoteNeed, shownUrl, withoutUserinfo } from "../../core/remote-url.ts";
import { BdError, type CommandLine, command } from "../../errors.ts";

/**
 * What Dolt's words about a remote mean. Nearly all its errors have one number, so this file matches texts, and it is
 * the only one that knows them.
 */
export type RemoteFailure =
  | "no-password" // the process that was to transfer has no DOLT_REMOTE_PASSWORD
  | "denied" // the remote does not let this user in, or not do this
  | "unreachable" // try again later
  | "rejected" // the remote has commits that we lack, or others than those that were to be replaced
  | "unrelated" // the remote's history has another beginning
  | "dirty" // somebody has uncommitted changes there
  | "empty" // nothing was ever pushed there
  | "no-database" // the server there has no database of that name
  | "live-store" // a file:// URL of a folder that a server or a checkout uses
  | "taken" // another process works in the folder
  | "no-commit" // the commit is not there
  | "exists" // there is a remote or a database of that name
  | "not-ours" // our own server does not let us do this
  | "other";

/** A branch that nobody has: pushing it fails, and says that the remote is not as it was when it was looked at. */
export const MOVED_BRANCH = "bd-remote-moved";

/** The same, by our own comparison. */
export function remoteMoved(): Error {
  return new Error(`refspec not found: '${MOVED_BRANCH}'`);
}

const BY_TEXT: readonly (readonly [string, RemoteFailure])[] = [
  ["command denied", "not-ours"],
  ["must set dolt_remote_password", "no-password"],
  ["code = unauthenticated", "denied"],
  ["code = permissiondenied", "denied"],
  ["non-fast-forward", "rejected"],
  [`refspec not found: '${MOVED_BRANCH}'`, "rejected"],
  ["no common ancestor", "unrelated"],
  ["target has uncommitted changes", "dirty"],
  ["no branches found in remote", "empty"],
  ["contains no dolt data", "empty"],
  ["fetch failed: invalid ref spec", "empty"],
  ["desc = database not found", "no-database"],
  ["directory containing chunk journal", "live-store"],
  ["database is read only", "taken"],
  ["remote already exists", "exists"],
  ["; database exists", "exists"],
  ["target commit not found", "no-commit"],
  ["code = unavailable", "unreachable"],
  ["code = deadlineexceeded", "unreachable"],
  ["connection refused", "unreachable"],
  ["connection reset", "unreachable"],
  ["no such host", "unreachable"],
  ["i/o timeout", "unreachable"],
  ["network is unreachable", "unreachable"],
];

export function classifyRemoteError(error: unknown): RemoteFailure {
  const text = textOf(error).toLowerCase();
  return BY_TEXT.find(([part]) => text.includes(part))?.[1] ?? "other";
}

/** Whom the error is about. */
export interface RemotePlace {
  /** `origin` */
  readonly name: string;
  readonly url: string;
  readonly needs?: RemoteNeed;
  /** As whom we came. */
  readonly user?: string | undefined;
  /** The command to try again, where there is no workspace yet that others would work in. */
  readonly again?: readonly string[] | undefined;
}

/** The error for people; a BdError passes unchanged. */
export function describeRemoteError(error: unknown, place: RemotePlace): BdError {
  if (error instanceof BdError) return error;
  const failure = classifyRemoteError(error);
  const fetch = place.again ?? fetchFrom(place.name);
  const againOr = (other: CommandLine) => (place.again === undefined ? other : command`${place.again}`);
  const at = `remote '${place.name}' (${shownUrl(place.url)})`;
  const details = { remote: place.name, url: shownUrl(place.url) };
  const reason = shownReason(error);
  switch (failure) {
    case "denied": {
      return new BdError("config", "REMOTE_ACCESS_DENIED", `${at} refuses ${whomOf(place)}`, {
        hint: command`DOLT_REMOTE_USER=NAME DOLT_REMOTE_PASSWORD_FILE=PATH ${fetch}`,
        details,
        cause: error,
      });
    }
    case "unreachable":
      return new BdError("unavailable", "REMOTE_UNREACHABLE", `${at} can't be reached`, {
        hint: command`${fetch}`,
        details,
        cause: error,
      });
    case "rejected":
      return remoteAhead(place);
    case "unrelated":
      return otherHistory(place);
    case "dirty":
      return new BdError(
        "conflict",
        "REMOTE_DIRTY",
        `${at} has uncommitted changes, and takes no push before they are committed there (bd dolt commit on that machine)`,
        { hint: command`bd dolt push`, details, cause: error },
      );
    case "empty":
      return new BdError("not-found", "REMOTE_EMPTY", `${at} holds nothing yet`, {
        hint: command`bd dolt push`,
        details,
      });
    case "no-database":
      return new BdError("config", "REMOTE_NO_DATABASE", `${at} has no database of that name`, {
        hint: againOr(command`bd dolt remote list`),
        details,
        cause: error,
      });
    case "live-store":
      return new BdError(
        "config",
        "REMOTE_IS_LIVE",
        `${at} is a folder in which a Dolt server or checkout works, and can't be a remote; name an empty folder`,
        {
          hint: againOr(command`bd dolt remote list`),
          details,
          cause: error,
        },
      );
    case "not-ours":
      return new BdError("config", "NO_PERMISSION", `our server does not let ${ourUserIn(reason)} do this with ${at}`, {
        hint: command`bd config explain dolt.user`,
        details,
        cause: error,
      });
    case "no-password":
    case "taken":
    case "no-commit":
    case "exists":
    case "other":
      return new BdError("unavailable", "REMOTE_FAILED", `${at} could not be used: ${reason}`, {
        hint: againOr(command`bd dolt status`),
        details,
        cause: error,
      });
  }
}

/** The words of the command that tries a remote. */
export function fetchFrom(name: string): readonly string[] {
  return ["bd", "dolt", "fetch", `--remote=${name}`];
}

const LONGEST_REASON = 500;

/** What a remote says of itself is one line among ours, whatever it wrote. */
function shownReason(error: unknown): string {
  const line = withoutUserinfo(textOf(error))
    .replaceAll(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}

/** Whom our own server has turned away, by its words. */
function ourUserIn(reason: string): string {
  const user = /denied to user '([^']*)'/.exec(reason)?.[1];
  return user === undefined ? "its user" : `user '${user}'`;
}

function whomOf({ user, needs }: RemotePlace): string {
  if (needs === "dolthub-login") {
    return "the server's account: DoltHub knows no passwords, only a login (dolt login, as the account that runs the server)";
  }
  if (needs === "server-credentials") return "the server's account, whose own credentials it asks for";
  return user === undefined ? "us without credentials" : `user '${user}', or the password`;
}

export function remoteAhead({ name, url }: RemotePlace, commits?: number): BdError {
  const what = commits === 1 ? "1 commit that is" : `${commits === undefined ? "" : `${commits} `}commits that are`;
  return new BdError("conflict", "REMOTE_AHEAD", `remote '${name}' has ${what} not here yet: pull first, then push`, {
    hint: name === "origin" ? command`bd dolt pull` : command`bd dolt pull --remote=${name}`,
    details: { remote: name, url: shownUrl(url), behind: commits },
  });
}

export function otherHistory({ name, url }: RemotePlace): BdError {
  return new BdError(
    "conflict",
    "OTHER_HISTORY",
    `remote '${name}' (${shownUrl(url)}) holds another history: it and this database have no commit in common`,
    { hint: command`bd dolt remote list`, details: { remote: name, url: shownUrl(url) } },
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
