import { requireSetting, unheardLines } from "../config/decide-setting.ts";
import { needsGitIdentity, readGitIdentity, resolveActor } from "../config/identity.ts";
import { lastTouchedPath, moveLastTouched, readLastTouched, writeLastTouched } from "../config/last-touched.ts";
import { requireDatabase } from "../config/server-workspace.ts";
import { type FlagSettings, type SettingFiles, type SettingSources, settingFiles } from "../config/setting-files.ts";
import { resolveSettings, type Settings } from "../config/settings.ts";
import { noWorkspaceError, type Workspace } from "../config/workspace.ts";
import type { Actor } from "../core/actor.ts";
import { checkText } from "../core/text-limits.ts";
import { startHint } from "../server/start-hint.ts";
import type { Timing } from "../store/connection/retry.ts";
import type { Session } from "../store/store.ts";
import type { AdminContext, Machine, Progress, SessionTarget } from "./context.ts";

/** What the process gives to every operation, and what the user said on the command line. */
export interface Host {
  readonly machine: Machine;
  /** The settings files, where somebody looked into them before; else they are read when they are first asked for. */
  readonly files?: SettingFiles | undefined;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly progress: (event: Progress) => void;
  readonly note: (line: string) => void;
  readonly detail: (line: string) => void;
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  readonly readonly: boolean;
  readonly directory: string | undefined;
  readonly database: string | undefined;
  readonly actor: string | undefined;
  readonly session: string | undefined;
}

export interface OpenedContext extends AdminContext {
  /** Whether the settings forbid every change. Throws BdError config SETTING_INVALID. */
  isReadonly(): Promise<boolean>;
  /** Ends every session that was opened. */
  close(): void;
}

/**
 * The widest context; an operation sees of it what its access allows. The workspace is looked for at once, and what is
 * wrong with it is said to those who ask for it; nothing else is read or opened before it is used.
 */
export async function openContext(host: Host): Promise<OpenedContext> {
  const files = host.files ?? settingFiles(host.machine);
  const [located] = await Promise.allSettled([files.workspace(host.directory)]);
  return contextFor(host, {
    files,
    workspace() {
      if (located.status === "rejected") throw located.reason;
      return located.value;
    },
    flags: { "dolt.database": host.database, actor: host.actor, session: host.session },
    opened: [],
    said: new Set(),
  });
}

interface Scope {
  readonly files: SettingFiles;
  readonly workspace: () => Workspace | undefined;
  readonly flags: FlagSettings;
  /** Sessions to close in the end. */
  readonly opened: Session[];
  /** Notes about settings, each of which is given once. */
  readonly said: Set<string>;
}

function contextFor(host: Host, scope: Scope): OpenedContext {
  const { machine } = host;
  const { workspace } = scope;
  const sources = once(async () => scope.files.sources({ workspace: workspace(), flags: scope.flags }));
  const personSources = () => scope.files.sources({ flags: scope.flags });
  const settings = once(async () => settingsOf(host, scope, await sources()));
  const actor = once(async () => actorOf(host, (await settings()).actor));

  const context: OpenedContext = {
    machine,
    clock: host.clock,
    newId: host.newId,
    signal: host.signal,
    timing: host.timing,
    progress: host.progress,
    note: host.note,
    detail: host.detail,
    confirm: host.confirm,
    findWorkspace: workspace,
    workspace() {
      const found = workspace();
      if (found === undefined) throw noWorkspaceError();
      return found;
    },
    sources,
    personSources,
    settings,
    lastTouched: {
      read: async () => readLastTouched(await touched()),
      async write(issueId) {
        if (!host.readonly && !(await context.isReadonly())) writeLastTouched(await touched(), issueId, host.clock());
      },
      async move(moves) {
        if (!host.readonly && !(await context.isReadonly())) moveLastTouched(await touched(), moves, host.clock());
      },
    },
    actor,
    async claimSession() {
      const { session } = await settings();
      if (session !== undefined) checkText("session", session);
      return session;
    },
    newWorkspace: () => scope.files.newWorkspace(host.directory),
    within: (other, flags) =>
      contextFor(host, {
        ...scope,
        files: settingFiles(machine),
        workspace: () => other,
        flags: { ...scope.flags, ...flags },
      }),
    async openSession(target) {
      const { openSession } = await import("../store/session.ts");
      const session = openSession({
        retryMaxMs: (await settings()).retryMaxMs,
        ...target,
        timing: host.timing,
        clock: host.clock,
        newId: host.newId,
        signal: host.signal,
        note: host.note,
        startHint: () => startHint(machine, target.endpoint.port),
      });
      scope.opened.push(session);
      return session;
    },
    read: async (body, { waits = true } = {}) => (await (waits ? ownSession() : openOwn({ retryMaxMs: 0 }))).read(body),
    write: async (message, body) => (await ownSession()).write({ message, author: await actor() }, body),
    commitWorkingSet: async (message) => (await ownSession()).commitWorkingSet({ message, author: await actor() }),
    session: () => ownSession(),
    migrate: async (body) => (await ownSession()).migrate(body),
    async isReadonly() {
      // Without a workspace (that can be read) the person's settings count; what is wrong with it, the operation says.
      return requireSetting("readonly", await sources().catch(personSources));
    },
    close() {
      for (const session of scope.opened) session.close();
    },
  };

  const openOwn = async (options: Partial<SessionTarget>) => {
    context.workspace();
    const database = requireDatabase(await sources(), await settings());
    const { endpoint, projectId } = await settings();
    return context.openSession({ endpoint, database, projectId, ...options });
  };
  const ownSession = once(() => openOwn({}));
  const touched = async () => lastTouchedPath(machine, context.workspace(), await settings());
  return context;
}

/** The settings, after a note about each word of the project's that was not heard. */
function settingsOf(host: Host, { said }: Scope, sources: SettingSources): Settings {
  for (const line of unheardLines(sources).filter((unheard) => !said.has(unheard))) {
    said.add(line);
    host.note(line);
  }
  return resolveSettings(sources);
}

/** The function, run at most once. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

async function actorOf({ machine, signal }: Host, configured: string | undefined): Promise<Actor> {
  const gitIdentity = needsGitIdentity({ configured, view: machine })
    ? await readGitIdentity(machine, signal)
    : undefined;
  const actor = resolveActor({ configured, view: machine, gitIdentity });
  checkText("actor", actor.name);
  return actor;
}
