import { endpointName } from "../../core/endpoint.ts";
import { parseRemoteUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import type { Cloned } from "../../federation/clone.ts";
import { compareCommits, currentBranch } from "../../federation/compare.ts";
import { fetchRemote } from "../../federation/fetch.ts";
import { acceptedCode } from "../../federation/incoming/check-incoming.ts";
import { isBareFolder } from "../../federation/remote/local-folder.ts";
import { relayPlace, relayRoot } from "../../federation/remote/relay-folder.ts";
import {
  DEFAULT_REMOTE,
  listRemotes,
  type Remote,
  registerRemote,
  removeServerRemote,
  resolveRemote,
} from "../../federation/remote/remotes.ts";
import type { Session } from "../../store/session-types.ts";
import type { MachineContext } from "../context.ts";
import { doltHere, retryPolicyOf, transportTo } from "../dolt/open-remote.ts";
import { credentialsAt } from "../dolt/remote-credentials.ts";

/** A database that every Dolt server has, to call procedures from. */
const ANY_DATABASE = "information_schema";

/** Makes the database from the remote, where that holds something. Throws BdError. */
export async function cloneProject(
  context: MachineContext,
  {
    url,
    database,
    accept,
    isTyped,
  }: {
    readonly url: string;
    readonly database: string;
    readonly accept: readonly string[] | undefined;
    /** Whether the URL stands in this very command. */
    readonly isTyped: boolean;
  },
): Promise<Cloned> {
  const { cloneRemote } = await import("../../federation/clone.ts");
  const { endpoint } = await context.settings();
  const remote: Remote = { name: DEFAULT_REMOTE, url: parseRemoteUrl(url) };
  // A hint with a URL in it names that URL's host, so it has one that the person typed.
  const again = isTyped ? ["bd", "init", `--remote=${remote.url.text}`] : ["bd", "init"];
  const credentials = await credentialsAt(context, { url: remote.url, isTyped, again });
  const outside = await context.openSession({ endpoint, database: ANY_DATABASE, projectId: undefined });
  const inside = await context.openSession({ endpoint, database, projectId: undefined });
  if (await isBareFolder(outside, endpoint, remote.url)) return { outcome: "empty", undo: async () => {} };
  return cloneRemote({
    accepted: acceptedCode(accept),
    outside,
    inside,
    database,
    endpoint,
    remote,
    credentials,
    again,
    relay: {
      place: relayPlace(relayRoot(context.machine), endpointName(endpoint), database),
      findDolt: () => doltHere(context),
      env: context.machine.env,
    },
    timing: context.timing,
    signal: context.signal,
    note: (line) => context.note(line),
    detail: (line) => context.detail(line),
    retry: await retryPolicyOf(context, `cloning ${remote.url.text}`),
  });
}

/**
 * Whether a database that is there already may have that remote: they must have a commit in common, unless the remote
 * is empty. A remote that it may not have is not left at the server. Throws BdError init-diverged SECOND_HISTORY.
 */
export async function checkSameHistory(context: MachineContext, joined: JoinedDatabase): Promise<void> {
  const { session, url } = joined;
  const { endpoint } = await context.settings();
  const wasKnown = (await listRemotes(session)).some(({ name }) => name === DEFAULT_REMOTE);
  if (!wasKnown && (await isBareFolder(session, endpoint, parseRemoteUrl(url)))) return;
  const remote = await resolveRemote(session, {
    name: DEFAULT_REMOTE,
    configured: url,
    note: () => {},
    check: async () => {},
  });
  try {
    await compareHistories(context, joined, remote);
  } catch (error) {
    if (!wasKnown) await session.call(removeServerRemote(DEFAULT_REMOTE));
    throw error;
  }
}

/** Whoever types the URL of an empty folder, or of one to be made, names it to the server: the first push may fill it. */
export async function nameTypedFolder(context: MachineContext, { session, url: text }: JoinedDatabase): Promise<void> {
  const { endpoint } = await context.settings();
  const url = parseRemoteUrl(text);
  if (await isBareFolder(session, endpoint, url)) await registerRemote(session, { name: DEFAULT_REMOTE, url });
}

interface JoinedDatabase {
  readonly session: Session;
  readonly url: string;
  readonly database: string;
}

async function compareHistories(
  context: MachineContext,
  { session, database }: JoinedDatabase,
  remote: Remote,
): Promise<void> {
  const [{ branch, hash: ours }] = await session.read((reader) => reader.all([currentBranch]));
  const transport = await transportTo(context, { session, remote, branch, database, isTyped: true });
  const { hash } = await fetchRemote({
    session,
    transport,
    retry: await retryPolicyOf(context, "fetching from origin"),
  });
  if (hash === undefined || (await compareCommits(session, ours, hash)).base !== undefined) return;
  throw new BdError(
    "init-diverged",
    "SECOND_HISTORY",
    `database '${database}' and ${remote.url.text} hold two histories without a common commit; nothing was joined`,
    { hint: command`bd init --help`, details: { database, url: remote.url.text } },
  );
}
