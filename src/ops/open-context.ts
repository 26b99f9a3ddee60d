import { needsGitIdentity, readGitIdentity, resolveActor } from "../config/identity.ts";
import { requireDatabase } from "../config/server-workspace.ts";
import { readSettingSources, type SettingSources } from "../config/setting-sources.ts";
import { resolveSettings } from "../config/settings.ts";
import { findWorkspace, noWorkspaceError, type Workspace } from "../config/workspace.ts";
import type { Actor } from "../core/actor.ts";
import { startHint } from "../server/start-hint.ts";
import type { Timing } from "../store/retry.ts";
import type { Session } from "../store/store.ts";
import type { AdminContext, Machine, Progress } from "./context.ts";

/** What the process gives to every operation, and what the user said on the command line. */
export interface Host {
  readonly machine: Machine;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly progress: (event: Progress) => void;
  readonly note: (line: string) => void;
  readonly readonly: boolean;
  readonly directory: string | undefined;
  readonly database: string | undefined;
  readonly actor: string | undefined;
  readonly session: string | undefined;
}

/** The widest context; an operation sees of it what its access allows. Nothing is read or opened before it is used. */
export function openContext(host: Host): AdminContext & { close(): void } {
  const { machine } = host;
  const workspace = once(() => findWorkspace(machine, { directory: host.directory }));
  const sources = once(() => readSources(host, workspace()));
  const settings = once(async () => resolveSettings(await sources()));
  const actor = once(async () => actorOf(host, (await settings()).actor));
  const opened: Session[] = [];

  const context: AdminContext & { close(): void } = {
    machine,
    clock: host.clock,
    newId: host.newId,
    signal: host.signal,
    timing: host.timing,
    progress: host.progress,
    note: host.note,
    findWorkspace: workspace,
    workspace() {
      const found = workspace();
      if (found === undefined) throw noWorkspaceError();
      return found;
    },
    sources,
    settings,
    actor,
    claimSession: async () => (await settings()).session,
    async openSession(target) {
      const { openSession } = await import("../store/session.ts");
      const session = openSession({
        ...target,
        timing: host.timing,
        retryMaxMs: (await settings()).retryMaxMs,
        newId: host.newId,
        signal: host.signal,
        note: host.note,
        startHint: () => startHint(machine),
      });
      opened.push(session);
      return session;
    },
    read: async (body) => (await ownSession()).read(body),
    write: async (message, body) => (await ownSession()).write({ message, author: await actor() }, body),
    commitWorkingSet: async (message) => (await ownSession()).commitWorkingSet({ message, author: await actor() }),
    close() {
      for (const session of opened) session.close();
    },
  };

  const ownSession = once(async () => {
    context.workspace();
    const database = requireDatabase(await sources(), await settings());
    const { endpoint, projectId } = await settings();
    return context.openSession({ endpoint, database, projectId });
  });
  return context;
}

/** The function, run at most once. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function readSources(host: Host, workspace: Workspace | undefined): Promise<SettingSources> {
  return readSettingSources(host.machine, {
    workspace,
    flags: { "dolt.database": host.database, actor: host.actor, session: host.session },
  });
}

async function actorOf({ machine, signal }: Host, configured: string | undefined): Promise<Actor> {
  const gitIdentity = needsGitIdentity({ configured, view: machine })
    ? await readGitIdentity(machine, signal)
    : undefined;
  return resolveActor({ configured, view: machine, gitIdentity });
}
