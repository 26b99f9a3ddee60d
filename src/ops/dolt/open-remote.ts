import { strangerWhoNames } from "../../config/secrets/named-remotes.ts";
import { resolveFederation } from "../../config/settings/settings.ts";
import { endpointName } from "../../core/endpoint.ts";
import { parseRemoteUrl } from "../../core/remote-url.ts";
import { BdError, command } from "../../errors.ts";
import { currentBranch } from "../../federation/compare.ts";
import { refuseUnheardFolder } from "../../federation/remote/local-folder.ts";
import type { RetryPolicy } from "../../federation/remote/reach.ts";
import { relayPlace, relayRoot } from "../../federation/remote/relay-folder.ts";
import { fetchFrom } from "../../federation/remote/remote-errors.ts";
import { DEFAULT_REMOTE, type Remote, removeServerRemote, resolveRemote } from "../../federation/remote/remotes.ts";
import type { Transport } from "../../federation/remote/transport.ts";
import { findDolt } from "../../server/dolt/find-dolt.ts";
import { identityQuery } from "../../store/database-identity.ts";
import type { Session } from "../../store/session-types.ts";
import type { BaseContext, ExchangeContext } from "../context.ts";
import { serverEnvironment } from "../server/server-place.ts";
import { namingTakesAdmin } from "./naming-takes-admin.ts";
import { credentialsAt } from "./remote-credentials.ts";

/** A remote of the workspace, and the way to it. */
interface OpenedRemote {
  readonly session: Session;
  readonly remote: Remote;
  /** Our branch, and the remote's of the same name. */
  readonly branch: string;
  /** Our newest commit. */
  readonly head: string;
  readonly transport: Transport;
  readonly retry: RetryPolicy;
}

interface RemoteTask {
  /** Default: `origin`. */
  readonly name?: string | undefined;
  readonly task: string;
  /** A trial leaves the server's list of remotes as it was. */
  readonly isTrial?: boolean;
  readonly isPush?: boolean;
}

/**
 * Finds the remote (`origin` where none is named), commits apart what other programs left in the working set, and
 * chooses the way for the work. Throws BdError.
 */
export async function withRemote<T>(
  context: ExchangeContext,
  { name = DEFAULT_REMOTE, task, isTrial = false, isPush = false }: RemoteTask,
  work: (opened: OpenedRemote) => Promise<T>,
): Promise<T> {
  const session = await context.session();
  const { configured, url } = await projectsRemote(context, name);
  const { endpoint } = await context.settings();
  const note = (line: string) => (isTrial ? context.detail(line) : context.note(line));
  const check = async (remote: Remote) => {
    await requireOwnProject(context, session, name);
    await refuseUnheardFolder(session, { endpoint, remote, isPush: isPush && !isTrial });
  };
  const remote = await resolveRemote(session, { name, configured, note, check }).catch((error) => {
    throw namingTakesAdmin(error, { name, url, user: endpoint.user });
  });
  try {
    // A write that changes nothing: its opening commits leftovers, and its checks say whose database this is.
    const { branch, hash } = await context.write("bd: look", async (tx) => {
      const [current] = await tx.all([currentBranch]);
      return current;
    });
    const transport = await transportTo(context, { session, remote, branch, mayMakeFolder: !remote.isNew });
    const retry = await retryPolicyOf(context, `${task} ${name}`);
    return await work({ session, remote, branch, head: hash, transport, retry });
  } finally {
    if (isTrial && remote.isNew) await session.call(removeServerRemote(name));
  }
}

/**
 * What a project names goes into the list of its own database alone: there it counts for all who use that database.
 * Throws BdError config PROJECT_ID_MISSING, OTHER_PROJECT.
 */
async function requireOwnProject(context: BaseContext, session: Session, name: string): Promise<void> {
  const { projectId } = await context.settings();
  const [found] = await session.read((reader) => reader.all([identityQuery]));
  if (projectId !== undefined || found.projectId === undefined) return;
  throw new BdError(
    "config",
    "PROJECT_ID_MISSING",
    `the project's config.yaml names remote '${name}', but its metadata.json has no project_id, and the database belongs to project ${found.projectId}; nothing was transferred. Whoever means that remote names it`,
    { hint: command`bd dolt remote add ${name} URL`, details: { remote: name, found: found.projectId } },
  );
}

/** The remote that the settings name, if it is that one, and its URL as it may stand in a hint. */
async function projectsRemote(context: BaseContext, name: string) {
  const sources = await context.sources();
  const configured = name === DEFAULT_REMOTE ? resolveFederation(sources).remote : undefined;
  if (configured === undefined) return { configured, url: "URL" };
  const url = parseRemoteUrl(configured);
  // Before the server hears of it.
  await credentialsAt(context, { url, isTyped: false, again: fetchFrom(name) });
  // Whoever adds a remote names its host.
  return { configured, url: strangerWhoNames(url, sources) === undefined ? configured : "URL" };
}

/** The way to a remote for the person who calls. */
export async function transportTo(
  context: BaseContext,
  {
    session,
    remote,
    branch,
    database,
    isTyped = false,
    mayMakeFolder = false,
  }: {
    readonly session: Session;
    readonly remote: Remote;
    readonly branch: string;
    /** Whether the remote's URL stands in this very command. */
    readonly isTyped?: boolean;
    /** Whether a push may make the folder of the remote. */
    readonly mayMakeFolder?: boolean;
    /** Default: the workspace's. */
    readonly database?: string;
  },
): Promise<Transport> {
  const { chooseTransport } = await import("../../federation/remote/choose-transport.ts");
  const { endpoint, ...settings } = await context.settings();
  const place = relayPlace(relayRoot(context.machine), endpointName(endpoint), database ?? settings.database ?? "");
  return chooseTransport({
    session,
    endpoint,
    remote,
    branch,
    mayMakeFolder,
    credentials: await credentialsAt(context, { url: remote.url, isTyped, again: fetchFrom(remote.name) }),
    relay: { place, findDolt: () => doltHere(context), env: context.machine.env },
    timing: context.timing,
    signal: context.signal,
    note: (line) => context.note(line),
    detail: (line) => context.detail(line),
  });
}

export async function retryPolicyOf(context: BaseContext, task: string): Promise<RetryPolicy> {
  const { retryMaxMs } = await context.settings();
  return {
    timing: context.timing,
    signal: context.signal,
    retryMaxMs,
    note: (line) => context.note(line),
    waiting: (seconds) => context.progress({ task: `${task}, seconds so far`, done: seconds }),
  };
}

/** A dolt to run; where it was found is for those who want to know. */
export async function doltHere(context: BaseContext): Promise<string | undefined> {
  try {
    const { path } = await findDolt({ ...serverEnvironment(context), say: (line) => context.detail(line) });
    return path;
  } catch (error) {
    if (error instanceof BdError && (error.code === "DOLT_NOT_FOUND" || error.code === "DOLT_TOO_OLD"))
      return undefined;
    throw error;
  }
}
