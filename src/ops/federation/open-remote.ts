import { strangerWhoNames } from "../../config/named-remotes.ts";
import { resolveFederation } from "../../config/settings.ts";
import { endpointName } from "../../core/endpoint.ts";
import { parseRemoteUrl } from "../../core/remote-url.ts";
import { BdError } from "../../errors.ts";
import { currentBranch } from "../../federation/compare.ts";
import type { Patience } from "../../federation/reach.ts";
import { relayPlace, relayRoot } from "../../federation/relay-folder.ts";
import { fetchFrom } from "../../federation/remote-errors.ts";
import { DEFAULT_REMOTE, type Remote, resolveRemote } from "../../federation/remotes.ts";
import type { Transport } from "../../federation/transport.ts";
import { findDolt } from "../../server/find-dolt.ts";
import type { Session } from "../../store/store.ts";
import type { AdminContext, BaseContext } from "../context.ts";
import { serverEnvironment } from "../server/server-place.ts";
import { namingTakesAdmin } from "./naming-takes-admin.ts";
import { credentialsAt } from "./remote-credentials.ts";

/** A remote of the workspace, and the way to it. */
export interface OpenedRemote {
  readonly session: Session;
  readonly remote: Remote;
  /** Our branch, and the remote's of the same name. */
  readonly branch: string;
  /** Our newest commit. */
  readonly head: string;
  readonly transport: Transport;
  readonly patience: Patience;
}

/**
 * Finds the remote (`origin` where none is named), commits apart what other programs left in the working set, and
 * chooses the way. Transfers nothing yet. Throws BdError.
 */
export async function openRemote(
  context: AdminContext,
  { name = DEFAULT_REMOTE, task }: { readonly name?: string | undefined; readonly task: string },
): Promise<OpenedRemote> {
  const session = await context.session();
  const { configured, url } = await projectsRemote(context, name);
  const { user } = (await context.settings()).endpoint;
  const remote = await resolveRemote(session, { name, configured, note: (line) => context.note(line) }).catch(
    (error) => {
      throw namingTakesAdmin(error, { name, url, user });
    },
  );
  // A write that changes nothing: its opening commits leftovers, and its checks say whose database this is.
  const { branch, hash } = await context.write("bd: look", async (tx) => {
    const [current] = await tx.all([currentBranch]);
    return current;
  });
  const transport = await transportTo(context, { session, remote, branch });
  return { session, remote, branch, head: hash, transport, patience: await patienceOf(context, `${task} ${name}`) };
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
  }: {
    readonly session: Session;
    readonly remote: Remote;
    readonly branch: string;
    /** Whether the remote's URL stands in this very command. */
    readonly isTyped?: boolean;
    /** Default: the workspace's. */
    readonly database?: string;
  },
): Promise<Transport> {
  const { chooseTransport } = await import("../../federation/ladder.ts");
  const { endpoint, ...settings } = await context.settings();
  const place = relayPlace(relayRoot(context.machine), endpointName(endpoint), database ?? settings.database ?? "");
  return chooseTransport({
    session,
    endpoint,
    remote,
    branch,
    credentials: await credentialsAt(context, { url: remote.url, isTyped, again: fetchFrom(remote.name) }),
    relay: { place, findDolt: () => doltHere(context), env: context.machine.env },
    timing: context.timing,
    signal: context.signal,
    note: (line) => context.note(line),
    detail: (line) => context.detail(line),
  });
}

export async function patienceOf(context: BaseContext, task: string): Promise<Patience> {
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
