import type { SettingSources } from "../config/setting-sources.ts";
import type { Settings } from "../config/settings.ts";
import type { Workspace } from "../config/workspace.ts";
import type { Actor } from "../core/actor.ts";
import type { CommitRequest, Reader, Session, SessionOptions, Transaction } from "../store/store.ts";
import type { Timing } from "../store/retry.ts";

/** The machine and the process, as values. Only `main.ts` reads them. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
  readonly arch: string;
  /** The folder that holds `package.json`, `migrations` and `dist`. */
  readonly packageRoot: string;
}

/** What an operation may use, whoever calls it. */
export interface BaseContext {
  readonly machine: Machine;
  readonly clock: () => Date;
  /** A fresh UUID, version 7. */
  readonly newId: () => string;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** Long work says how far it is. */
  progress(event: Progress): void;
  /** A line for people, beside the result. */
  note(line: string): void;
  /** The workspace, or undefined outside of one. */
  findWorkspace(): Workspace | undefined;
  /** Throws BdError config NO_WORKSPACE outside of a workspace. */
  workspace(): Workspace;
  /** Everything that says what a setting is, for those who explain it. */
  sources(): Promise<SettingSources>;
  settings(): Promise<Settings>;
}

export interface Progress {
  readonly task: string;
  readonly done: number;
  /** Undefined while the whole isn't known. */
  readonly total?: number | undefined;
}

export interface ReadContext extends BaseContext {
  /** See `Session.read`. */
  read<T>(body: (reader: Reader) => Promise<T>): Promise<T>;
}

export interface WriteContext extends ReadContext {
  /** Who does it: author of the commit, actor of the events. */
  actor(): Promise<Actor>;
  /** The session of the person or agent that claims belong to, where one is named. */
  claimSession(): Promise<string | undefined>;
  /** See `Session.write`; the author is the actor. */
  write<T>(message: CommitRequest["message"], body: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** See `Session.commitWorkingSet`. */
  commitWorkingSet(message: string): Promise<string | undefined>;
}

export interface AdminContext extends WriteContext {
  readonly timing: Timing;
  /** A session of its own, for databases that aren't the workspace's (yet). */
  openSession(target: Pick<SessionOptions, "endpoint" | "database" | "projectId">): Promise<Session>;
}

export interface ContextByAccess {
  none: BaseContext;
  read: ReadContext;
  write: WriteContext;
  admin: AdminContext;
}
