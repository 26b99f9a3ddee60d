import type { FlagSettings, SettingSources } from "../config/setting-files.ts";
import type { Settings } from "../config/settings.ts";
import type { Workspace } from "../config/workspace.ts";
import type { Actor } from "../core/actor.ts";
import type { Timing } from "../store/connection/retry.ts";
import type { MigrationConnection } from "../store/migrate/migration-connection.ts";
import type { CommitRequest, Reader, Session, SessionOptions, Transaction } from "../store/store.ts";

/** The machine and the process, as values. Only `main.ts` reads them. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The effective user, who says whose files are trusted; undefined where the system has no such numbers. */
  readonly uid: number | undefined;
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
  readonly arch: string;
  /** DOLT_REMOTE_PASSWORD, which is not in `env`: so no child process inherits it. */
  readonly remotePassword?: string | undefined;
  /** Of this process. */
  readonly pid: number;
  /** As `process.kill`: throws ESRCH or EPERM. */
  kill(pid: number, signal: "SIGTERM"): void;
  /** The folder that holds `package.json`, `migrations`, `systemd` and `dist`. */
  readonly packageRoot: string;
  /** The time zone of whoever asks, by its name in the IANA database. Asked when it is needed: the answer takes time. */
  zone(): string;
  /** Absolute paths of the program that runs us, and of our own entry, as they were called. */
  readonly node: string;
  readonly bd: string;
}

/** What an operation may use, whoever calls it. */
export interface BaseContext {
  readonly machine: Machine;
  readonly clock: () => Date;
  readonly timing: Timing;
  /** A fresh UUID, version 7. */
  readonly newId: () => string;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** Long work says how far it is. */
  progress(event: Progress): void;
  /** A line for people, beside the result. */
  note(line: string): void;
  /** A line for those who want to know how it is done (`-v`). */
  detail(line: string): void;
  /** Asks the person a question that is answered by yes or no; undefined where there is nobody to ask. */
  confirm(question: string): Promise<boolean | undefined>;
  /** The workspace, or undefined outside of one. */
  findWorkspace(): Workspace | undefined;
  /** Throws BdError config NO_WORKSPACE outside of a workspace. */
  workspace(): Workspace;
  /** Everything that says what a setting is, for those who explain it. */
  sources(): Promise<SettingSources>;
  /** The same without a word of any workspace's: for what runs on the machine. */
  personSources(): Promise<SettingSources>;
  settings(): Promise<Settings>;
  readonly lastTouched: LastTouched;
}

/** The issue that the last command of this session was about, which `update`, `close` and `show --current` take by default. */
export interface LastTouched {
  read(): Promise<string | undefined>;
  /** A convenience that does nothing where nothing may be written. */
  write(issueId: string): Promise<void>;
  /** For all sessions of this person in the workspace: issues have other ids now. As `write`. */
  move(moves: ReadonlyMap<string, string>): Promise<void>;
}

export interface Progress {
  readonly task: string;
  readonly done: number;
  /** Undefined while the whole isn't known. */
  readonly total?: number | undefined;
}

export interface ReadContext extends BaseContext {
  /** Who asks or acts: author of commits, actor of events. */
  actor(): Promise<Actor>;
  /** See `Session.read`. With `waits: false` a server that does not answer is an error at once. */
  read<T>(body: (reader: Reader) => Promise<T>, options?: { readonly waits?: boolean }): Promise<T>;
}

export interface WriteContext extends ReadContext {
  /** The session of the person or agent that claims belong to, where one is named. */
  claimSession(): Promise<string | undefined>;
  /** See `Session.write`; the author is the actor. */
  write<T>(message: CommitRequest["message"], body: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** See `Session.commitWorkingSet`. */
  commitWorkingSet(message: string): Promise<string | undefined>;
}

export interface AdminContext extends WriteContext {
  /** Where a new workspace goes: its folder need not exist. */
  newWorkspace(): Promise<Workspace>;
  /** The same, for a workspace that can't be found yet, with what its files and further flags say now. */
  within(workspace: Workspace, flags: FlagSettings): AdminContext;
  /** See `Session.migrate`; on the workspace's database. */
  migrate<T>(body: (connection: MigrationConnection) => Promise<T>): Promise<T>;
  /** The workspace's own session, which `read` and `write` use, for other rooms to work with. */
  session(): Promise<Session>;
  /** A session of its own, for databases that aren't the workspace's (yet). */
  openSession(target: SessionTarget): Promise<Session>;
}

export type SessionTarget = Pick<SessionOptions, "endpoint" | "database" | "projectId"> &
  Partial<Pick<SessionOptions, "retryMaxMs">>;

export interface ContextByAccess {
  none: BaseContext;
  read: ReadContext;
  write: WriteContext;
  admin: AdminContext;
}
