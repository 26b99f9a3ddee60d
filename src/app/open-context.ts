import { resolve } from "node:path";
import { needsGitIdentity, resolveActor } from "../config/git-actor.ts";
import type { GitIdentities } from "../config/git-identities.ts";
import { lastTouchedPath, moveLastTouched, readLastTouched, writeLastTouched } from "../config/last-touched.ts";
import { requireSetting, unheardLines } from "../config/settings/decide-setting.ts";
import {
  type FlagSettings,
  type SettingFiles,
  type SettingSources,
  settingFiles,
} from "../config/settings/setting-files.ts";
import { resolveSettings, type Settings } from "../config/settings/settings.ts";
import { requireDatabase, requireJoined } from "../config/workspace/require-database.ts";
import { noWorkspaceError, type Workspace } from "../config/workspace/workspace.ts";
import type { Actor } from "../core/actor.ts";
import { checkText } from "../core/text-limits.ts";
import { BdError, command } from "../errors.ts";
import type { Caller, Machine, Place } from "../ops/caller.ts";
import type { Ears, MachineContext, SessionTarget } from "../ops/context.ts";
import { startHint } from "../server/start-hint.ts";
import type { Attempt, Lease, SeenHead, Session } from "../store/session-types.ts";
import type { News } from "./news.ts";
import type { SessionPool } from "./session-pool.ts";

/** One call: who makes it, on which machine, and who hears of it. */
export interface Call {
  readonly machine: Machine;
  readonly caller: Caller;
  readonly ears: Ears;
  /** The caller wants no more: Ctrl-C. */
  readonly signal: AbortSignal;
  /** The settings files, where somebody looked into them before; else they are read when they are first asked for. */
  readonly files?: SettingFiles | undefined;
  /** Where sessions come from. */
  readonly sessions: SessionPool;
  /** What this running bd knows of changes. */
  readonly news: News;
  readonly gitIdentities: GitIdentities;
  readonly onCommitting?: ((attempt: Attempt) => Promise<void>) | undefined;
  readonly unanswered?: Attempt | undefined;
}

export interface OpenedContext extends MachineContext {
  /** Whether the settings forbid every change. Throws BdError config SETTING_INVALID. */
  isReadonly(): Promise<boolean>;
  /** The newest commit that the operation saw in the workspace's database, where the caller wants to know. */
  seen(): SeenHead | undefined;
  /** Gives back every session that was opened. */
  close(): void;
}

/**
 * The widest context; an operation sees of it what its access allows. The workspace is looked for at once, and what is
 * wrong with it is said to those who ask for it; nothing else is read or opened before it is used.
 */
export async function openContext(call: Call): Promise<OpenedContext> {
  const { machine, caller } = call;
  const here = { ...machine, ...placeOf(caller) };
  const files = call.files ?? settingFiles(here);
  const [located] = await Promise.allSettled([files.workspace(caller.directory)]);
  return contextFor(call, {
    here,
    files,
    workspace() {
      if (located.status === "rejected") throw located.reason;
      return located.value;
    },
    flags: { "dolt.database": caller.database, actor: caller.actor, session: caller.session },
    opened: [],
    said: new Set(),
    onHead: caller.wantsCursor ? newestSeen() : undefined,
  });
}

function placeOf({ env, cwd, home, remotePassword, zone }: Caller): Place {
  return { env, cwd, home, remotePassword, zone };
}

interface Scope {
  /** The machine as the caller sees it. */
  readonly here: Machine & Place;
  readonly files: SettingFiles;
  readonly workspace: () => Workspace | undefined;
  readonly flags: FlagSettings;
  /** Sessions to close in the end. */
  readonly opened: Lease[];
  /** Notes about settings, each of which is given once. */
  readonly said: Set<string>;
  readonly onHead: NewestSeen | undefined;
}

interface NewestSeen {
  (seen: SeenHead): void;
  seen?: SeenHead;
}

/** The oldest of several, for what came after that was not seen by all of the operation; one's own change is no news. */
function newestSeen(): NewestSeen {
  const hear: NewestSeen = (seen) => {
    hear.seen ??= seen;
    if (hear.seen.commit === seen.commit) hear.seen = seen;
  };
  return hear;
}

function contextFor(call: Call, scope: Scope): OpenedContext {
  const { caller, ears, signal } = call;
  const { here, workspace } = scope;
  const sources = once(async () => scope.files.sources({ workspace: workspace(), flags: scope.flags }));
  const personSources = () => scope.files.sources({ flags: scope.flags });
  const settings = once(async () => settingsOf(ears, scope, await sources()));
  const actor = once(async () => actorOf(call, here, (await settings()).actor));

  const context: OpenedContext = {
    ...ears,
    machine: here,
    clock: here.clock,
    newId: here.newId,
    timing: here.timing,
    folder: resolve(here.cwd, caller.directory ?? "."),
    signal,
    findWorkspace: workspace,
    workspace() {
      const found = workspace();
      if (found === undefined) throw noWorkspaceError(here);
      return found;
    },
    sources,
    personSources,
    settings,
    lastTouched: {
      read: async () => readLastTouched(await touched()),
      async write(issueId) {
        if (await mayWrite()) writeLastTouched(await touched(), issueId, here.clock());
      },
      async move(moves) {
        if (await mayWrite()) moveLastTouched(await touched(), moves, here.clock());
      },
    },
    actor,
    async claimSession() {
      const { session } = await settings();
      if (session !== undefined) checkText("session", session);
      return session;
    },
    newWorkspace: () => scope.files.newWorkspace(caller.directory),
    within: (other, flags) =>
      contextFor(call, {
        ...scope,
        files: settingFiles(here),
        workspace: () => other,
        flags: { ...scope.flags, ...flags },
      }),
    async openSession(target) {
      const session = await call.sessions.lease(
        {
          retryMaxMs: (await settings()).retryMaxMs,
          ...target,
          timing: here.timing,
          clock: here.clock,
          newId: here.newId,
          startHint: () => startHint(here, target.endpoint.port),
        },
        { signal, note: ears.note, onHead: scope.onHead, onCommitting: call.onCommitting },
      );
      scope.opened.push(session);
      return session;
    },
    read: async (body, { waits = true } = {}) => (await (waits ? ownSession() : openOwn({ retryMaxMs: 0 }))).read(body),
    newestCommit: async () => (await ownSession()).newestCommit(),
    untilChange: (ms) => call.news.until(ms, here.timing, signal),
    async write(message, body) {
      const session = await joinedSession();
      const commit = { message, author: await actor(), session: await context.claimSession() };
      const written = await session.write(commit, body);
      call.news.tell();
      return written;
    },
    commitWorkingSet: async (message) => (await joinedSession()).commitWorkingSet({ message, author: await actor() }),
    session: () => joinedSession(),
    migrate: async (body) => (await joinedSession()).migrate(body),
    async isReadonly() {
      // Without a workspace (that can be read) the person's settings count; what is wrong with it, the operation says.
      return requireSetting("readonly", await sources().catch(personSources));
    },
    seen: () => scope.onHead?.seen,
    close() {
      for (const session of scope.opened) call.sessions.takeBack(session);
    },
  };

  const openOwn = async (options: Partial<SessionTarget>) => {
    context.workspace();
    const database = requireDatabase(await sources(), await settings());
    const { endpoint, projectId } = await settings();
    return context.openSession({ endpoint, database, projectId, ...options });
  };
  const ownSession = once(() => openOwn({}));
  const settled = once(async () => settleUnanswered(await ownSession(), call.unanswered));
  const joinedSession = async () => {
    const session = await ownSession();
    requireJoined(await sources());
    await settled();
    return session;
  };
  const touched = async () => lastTouchedPath(here, context.workspace(), await settings());
  const mayWrite = async () => !caller.readonly && !(await context.isReadonly());
  return context;
}

/** What a request that was sent before has done is not done again. Throws BdError unavailable/LANDED_BEFORE. */
async function settleUnanswered(session: Session, attempt: Attempt | undefined): Promise<void> {
  if (attempt === undefined) return;
  const landed = await session.settle(attempt);
  if (landed === undefined) return;
  const { commit } = landed;
  const which = commit === undefined ? "" : ` (commit ${commit})`;
  throw new BdError("unavailable", "LANDED_BEFORE", `the change was made${which}, but its answer was lost`, {
    hint: command`bd changes --since=${attempt.since}`,
    details: { commit, operation_id: attempt.operationId },
  });
}

/** The settings, after a note about each word of the project's that was not heard. */
function settingsOf(ears: Ears, { said }: Scope, sources: SettingSources): Settings {
  for (const line of unheardLines(sources).filter((unheard) => !said.has(unheard))) {
    said.add(line);
    ears.note(line);
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

async function actorOf(
  { signal, caller, gitIdentities }: Call,
  here: Place,
  configured: string | undefined,
): Promise<Actor> {
  const gitIdentity = needsGitIdentity({ configured, view: here })
    ? await gitIdentities.of({ env: here.env, cwd: resolve(here.cwd, caller.directory ?? ".") }, signal)
    : undefined;
  const actor = resolveActor({ configured, view: here, gitIdentity });
  checkText("actor", actor.name);
  return actor;
}
