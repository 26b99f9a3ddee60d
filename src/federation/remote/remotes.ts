import { isSameRemote, parseRemoteUrl, type RemoteUrl, shownUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import { type Query, query, rows, text } from "../../store/query.ts";
import type { Session } from "../../store/session-types.ts";
import { sql } from "../../store/sql.ts";
import { describeRemoteError } from "./remote-errors.ts";

export const DEFAULT_REMOTE = "origin";
/** Remotes of the server that only carry data between it and a person's process. */
export const RELAY_PREFIX = "bd-relay-";

const REMOTE_NAME = /^[A-Za-z][\w-]{0,63}$/;

export interface ServerRemote {
  readonly name: string;
  /** As the server has it. */
  readonly url: string;
}

export interface Remote {
  readonly name: string;
  readonly url: RemoteUrl;
}

/** All that the server has for this database, relays included. */
export const allServerRemotes: Query<ServerRemote[]> = rows(
  sql`SELECT name, url FROM dolt_remotes ORDER BY name`,
  (row) => ({ name: text(row, "name"), url: text(row, "url") }),
);

export function addServerRemote(name: string, url: string): Query<void> {
  return query(sql`CALL DOLT_REMOTE('add', ${name}, ${url})`, () => {});
}

/** Takes the branches along that were fetched from it. */
export function removeServerRemote(name: string): Query<void> {
  return query(sql`CALL DOLT_REMOTE('remove', ${name})`, () => {});
}

/** Makes a remote known to the server. Throws BdError. */
export async function registerRemote(session: Session, { name, url }: Remote): Promise<void> {
  try {
    await session.call(addServerRemote(name, url.dolt));
  } catch (error) {
    throw describeRemoteError(error, { name, url: url.text });
  }
}

/** Lets the server forget a remote. Throws BdError. */
export async function unregisterRemote(session: Session, { name, url }: ServerRemote): Promise<void> {
  try {
    await session.call(removeServerRemote(name));
  } catch (error) {
    throw describeRemoteError(error, { name, url });
  }
}

/** Those that people made. */
export async function listRemotes(session: Session): Promise<ServerRemote[]> {
  const [remotes] = await session.read((reader) => reader.all([allServerRemotes]));
  return remotes.filter(({ name }) => !name.startsWith(RELAY_PREFIX));
}

/** Throws BdError usage REMOTE_NAME_INVALID. */
export function checkRemoteName(name: string): void {
  if (REMOTE_NAME.test(name) && !name.startsWith(RELAY_PREFIX)) return;
  const message = `"${name}" is no name for a remote: a letter, then letters, digits, "-" and "_", 64 at most`;
  throw new BdError("usage", "REMOTE_NAME_INVALID", message, { hint: command`bd dolt remote add --help` });
}

/**
 * The remote of that name, where project and server agree about it. What the project alone names is added to the server,
 * and a line says so. Throws BdError config NO_REMOTE, REMOTE_DIFFERS.
 */
export async function resolveRemote(
  session: Session,
  asked: {
    readonly name: string;
    /** What the project's settings say of the default remote. */
    readonly configured: string | undefined;
    readonly note: (line: string) => void;
    /** Looks at a remote that the server does not know yet; throws where it is to hear nothing of it. */
    readonly check: (remote: Remote) => Promise<void>;
  },
): Promise<Remote & { readonly isNew: boolean }> {
  const { name } = asked;
  const configured = name === DEFAULT_REMOTE ? asked.configured : undefined;
  const onServer = (await listRemotes(session)).find((remote) => remote.name === name);
  if (onServer !== undefined) {
    if (configured !== undefined && !isSameRemote(configured, onServer.url))
      throw differs(name, configured, onServer.url);
    return { name, url: parseRemoteUrl(onServer.url), isNew: false };
  }
  if (configured === undefined) throw noRemote(name);
  const url = parseRemoteUrl(configured);
  await asked.check({ name, url });
  await registerRemote(session, { name, url });
  asked.note(`the server knows remote '${name}' (${url.text}) now; the project's config.yaml names it`);
  return { name, url, isNew: true };
}

function noRemote(name: string): BdError {
  const lines = ["", "  bd dolt remote add origin http://HOST/ORG/DB", "  bd dolt push"];
  return name === DEFAULT_REMOTE
    ? new BdError("config", "NO_REMOTE", `no remote is set up; one is made by${lines.join("\n")}`, {
        hint: command`bd dolt remote add --help`,
      })
    : new BdError("config", "NO_REMOTE", `there is no remote '${name}'`, { hint: command`bd dolt remote list` });
}

/** One of the two is a mistake, and only people know which. */
function differs(name: string, configured: string, onServer: string): BdError {
  return new BdError(
    "config",
    "REMOTE_DIFFERS",
    `the project's config.yaml says ${shownUrl(configured)} for remote '${name}', the server says ${shownUrl(onServer)}; nothing was transferred`,
    {
      hint: command`bd dolt remote list`,
      details: { remote: name, project: shownUrl(configured), server: shownUrl(onServer) },
    },
  );
}
