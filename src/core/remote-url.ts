import { BdError, command } from "../errors.ts";

export type RemoteScheme =
  | "file"
  | "http"
  | "https"
  | "dolthub"
  | "aws"
  | "gs"
  | "az"
  | "oci"
  | "s3"
  | "git+https"
  | "git+ssh"
  | "ssh";

/**
 * Whose credentials a remote asks for: nobody's; those that the server's own account has (ssh keys, cloud logins);
 * a user and a password; `dolt login` at DoltHub.
 */
export type RemoteNeed = "nothing" | "server-credentials" | "password" | "dolthub-login";

export interface RemoteUrl {
  /** As it is kept and shown. Never with a password in it. */
  readonly text: string;
  readonly scheme: RemoteScheme;
  readonly needs: RemoteNeed;
  /**
   * Whether the host that the URL names gets the secret itself, a password or a token, and not a proof of it, or a secret
   * that was made for this host alone.
   */
  readonly tellsHost: boolean;
  /** What Dolt is given: the same, but for `dolthub://`. */
  readonly dolt: string;
}

/** What can be a remote, for people who wrote something else. */
const REMOTE_URL_FORMS: readonly string[] = [
  "file:///PATH",
  "http(s)://HOST/ORG/DB",
  "dolthub://ORG/DB",
  "aws://[TABLE:BUCKET]/DB",
  "gs://BUCKET/PATH",
  "az://ACCOUNT.blob.core.windows.net/CONTAINER/PATH",
  "oci://BUCKET/PATH",
  "s3://BUCKET/PATH",
  "git+https://HOST/REPO.git",
  "git+ssh://USER@HOST/REPO.git",
  "ssh://USER@HOST/PATH",
];

interface Form {
  readonly needs: RemoteNeed;
  readonly tellsHost?: boolean;
  /** What must stand between `//` and the path. */
  readonly host: RegExp;
  readonly path: RegExp;
}

// None begins with a hyphen: programs that Dolt calls would take it for an option.
const HOST = /^(?:\w[\w.-]*|\[[\da-fA-F:]+\])(?::\d{1,5})?$/;
const HOST_WITH_USER = /^(?:\w[\w.+-]*@)?(?:\w[\w.-]*|\[[\da-fA-F:]+\])(?::\d{1,5})?$/;
const SOME_PATH = /^\/./;
const NAME = /^[\w.-]+$/;

const FORMS: Readonly<Record<RemoteScheme, Form>> = {
  file: { needs: "nothing", host: /^$/, path: SOME_PATH },
  http: { needs: "password", tellsHost: true, host: HOST, path: SOME_PATH },
  https: { needs: "password", tellsHost: true, host: HOST, path: SOME_PATH },
  dolthub: { needs: "dolthub-login", host: NAME, path: /^\/[\w.-]+$/ },
  aws: { needs: "server-credentials", host: /^\[[\w.-]+:[\w.-]+\]$/, path: SOME_PATH },
  gs: { needs: "server-credentials", host: NAME, path: SOME_PATH },
  // Azure's token is good for all of Azure's storage, and Dolt takes any host for one.
  az: { needs: "server-credentials", tellsHost: true, host: HOST, path: SOME_PATH },
  oci: { needs: "server-credentials", host: NAME, path: SOME_PATH },
  s3: { needs: "server-credentials", host: NAME, path: SOME_PATH },
  "git+https": { needs: "server-credentials", host: HOST, path: SOME_PATH },
  "git+ssh": { needs: "server-credentials", host: HOST_WITH_USER, path: SOME_PATH },
  ssh: { needs: "server-credentials", host: HOST_WITH_USER, path: SOME_PATH },
};

const DOLTHUB = "https://doltremoteapi.dolthub.com/";

/**
 * Checks the form of a remote's URL; whether anybody answers there is another question. A password in it is refused,
 * because the URL is stored, shown and shared. Throws BdError usage REMOTE_URL_INVALID.
 */
export function parseRemoteUrl(text: string): RemoteUrl {
  const filePath = /^file:\/\/(\/.*)$/is.exec(text)?.[1];
  if (filePath !== undefined) return parseFileUrl(text, filePath);
  // oxlint-disable-next-line no-control-regex -- they could move the cursor of whoever prints the URL
  if (/[\s\u0000-\u001f\u007f]/.test(text)) throw invalid(text, "has spaces or control characters in it");
  const match = /^([a-z0-9+]+):\/\/([^/]*)(\/.*)?$/i.exec(text);
  const [, scheme = "", host = "", path = ""] = match ?? [];
  const known = scheme.toLowerCase();
  if (!isScheme(known)) throw invalid(text, "is of no form that Dolt has a remote for");
  const form = FORMS[known];
  if (/^[^@]*:[^@]*@/.test(host) || (host.includes("@") && form.host !== HOST_WITH_USER)) {
    throw invalid(
      text,
      "has a user or a password in it, which would be stored; they come from DOLT_REMOTE_USER and DOLT_REMOTE_PASSWORD",
    );
  }
  if (/[?#]/.test(text)) throw invalid(text, 'has a "?" or "#" in it, and what follows those would be stored');
  const end = path.replace(/\/+$/, "");
  if (!form.host.test(host) || !form.path.test(end)) throw invalid(text, `has not the form of a ${known}:// remote`);
  const shown = `${known}://${host}${end}`;
  const dolt = known === "dolthub" ? `${DOLTHUB}${host}${end}` : shown;
  const { needs, tellsHost = false } = shown.startsWith(DOLTHUB) ? FORMS.dolthub : form;
  return { text: shown, scheme: known, needs, tellsHost, dolt };
}

/**
 * One spelling for a folder, whichever of them it comes in. Dolt keeps a decoded one, and decodes that again whenever it
 * looks for the folder; so what would change by that can be no remote.
 */
function parseFileUrl(text: string, encoded: string): RemoteUrl {
  if (/[?#]/.test(encoded)) throw invalid(text, 'has a "?" or "#" in it, which no folder of a remote may have');
  const path = decoded(encoded)?.replaceAll("\\", "/");
  if (path === undefined) throw invalid(text, 'has a "%" in it that begins no encoded character');
  // oxlint-disable-next-line no-control-regex -- they could move the cursor of whoever prints the URL
  if (/[\u0000-\u001f\u007f-\u009f]/.test(path)) throw invalid(text, "has control characters in it");
  if (/[%?#]/.test(path)) throw invalid(text, 'names a folder with a "%", "?" or "#" in it, which Dolt does not find');
  const folders: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") folders.pop();
    else if (name !== "" && name !== ".") folders.push(name);
  }
  if (folders.length === 0) throw invalid(text, "has not the form of a file:// remote");
  const shown = `file:///${folders.join("/").replaceAll(/\s/g, encodeURIComponent)}`;
  return { text: shown, scheme: "file", needs: "nothing", tellsHost: false, dolt: shown };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Whether two texts name the same remote, as Dolt keeps the one and people write the other. */
export function isSameRemote(left: string, right: string): boolean {
  return doltFormOf(left) === doltFormOf(right);
}

/** A URL that somebody else stored, fit for showing. */
export function shownUrl(text: string): string {
  const shown = withoutUserinfo(text).replace(/[?#].*$/, "?***");
  return /^file:/i.test(shown) ? shown.replaceAll(/\s/g, encodeURIComponent) : shown;
}

/** Somebody's text without what its URLs say of people: a token may stand where a user would. ssh's bare users stay. */
export function withoutUserinfo(text: string): string {
  return (
    text
      .replaceAll(/([a-z][a-z0-9+.-]*:)?(?<!\/)\/\/([^/\s]*)@/gi, (whole, scheme = "", userinfo = "") =>
        /^(?:git\+)?ssh:$/i.test(scheme) && !/[:@]/.test(userinfo) ? whole : `${scheme}//***@`,
      )
      // A password with a slash in it is no host with a port.
      .replaceAll(/(?<!\/)\/\/[^/\s:@*]*:(?!\d{1,5}(?:[/\s]|$))\S*@/g, "//***@")
  );
}

function doltFormOf(text: string): string {
  try {
    return parseRemoteUrl(text).dolt;
  } catch {
    return text.replace(/\/+$/, "");
  }
}

function isScheme(scheme: string): scheme is RemoteScheme {
  return Object.hasOwn(FORMS, scheme);
}

function invalid(text: string, why: string): BdError {
  const forms = REMOTE_URL_FORMS.join(", ");
  return new BdError(
    "usage",
    "REMOTE_URL_INVALID",
    `the URL ${JSON.stringify(shownUrl(text))} ${why}; the forms are ${forms}`,
    {
      hint: command`bd dolt remote add --help`,
      details: { forms: REMOTE_URL_FORMS },
    },
  );
}
