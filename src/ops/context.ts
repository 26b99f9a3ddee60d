import type { FlagSettings, SettingSources } from "../config/settings/setting-files.ts";
import type { Settings } from "../config/settings/settings.ts";
import type { Workspace } from "../config/workspace/workspace.ts";
import type { Actor } from "../core/actor.ts";
import type { FeedEvent } from "../core/changes/feed-event.ts";
import type { MigrationConnection } from "../store/migrate/migration-connection.ts";
import type { CommitRequest, Reader, Session, SessionOptions, Transaction } from "../store/session-types.ts";
import type { Machine, Place } from "./caller.ts";

/** What becomes of an operation while it runs, for whoever called it. */
export interface Ears {
  /** Long work says how far it is. */
  readonly progress: (event: Progress) => void;
  /** A line for people, beside the result. */
  readonly note: (line: string) => void;
  /** A line for those who want to know how it is done (`-v`). */
  readonly detail: (line: string) => void;
  /** Asks the person a question that is answered by yes or no; undefined where there is nobody to ask. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  /** A piece of an output that is one long text; resolves when there is room for more. */
  readonly chunk: (text: string) => Promise<void>;
  /** Something that happened in the tracker; resolves when it was taken. */
  readonly event: (event: FeedEvent) => Promise<void>;
}

/** What an operation may use, whoever calls it. */
export interface BaseContext extends Ears, Pick<Machine, "clock" | "timing" | "newId"> {
  /** As the caller sees it: with their environment and folder. */
  readonly machine: Machine & Place;
  /** The absolute folder that the caller's paths begin at: `-C DIR`, or where they stand. */
  readonly folder: string;
  /** The caller wants no more: Ctrl-C. */
  readonly signal: AbortSignal;
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
  /** The session of the person or agent that claims belong to, where one is named. */
  claimSession(): Promise<string | undefined>;
  /** See `Session.newestCommit`. */
  newestCommit(): Promise<string>;
  /** Waits for so many milliseconds, or less where a change was made by this running bd: then it is time for a look. */
  untilChange(ms: number): Promise<void>;
  /** See `Session.read`. With `waits: false` a server that does not answer is an error at once. */
  read<T>(body: (reader: Reader) => Promise<T>, options?: { readonly waits?: boolean }): Promise<T>;
}

export interface WriteContext extends ReadContext {
  /** See `Session.write`; the author is the actor. */
  write<T>(message: CommitRequest["message"], body: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** See `Session.commitWorkingSet`. */
  commitWorkingSet(message: string): Promise<string | undefined>;
}

export interface ExchangeContext extends WriteContext {
  /** The workspace's own session, which `read` and `write` use, for other rooms to work with. */
  session(): Promise<Session>;
  /** A session of its own, for databases that aren't the workspace's (yet). */
  openSession(target: SessionTarget): Promise<Session>;
}

export interface MachineContext extends ExchangeContext {
  /** Where a new workspace goes: its folder need not exist. */
  newWorkspace(): Promise<Workspace>;
  /** The same, for a workspace that can't be found yet, with what its files and further flags say now. */
  within(workspace: Workspace, flags: FlagSettings): MachineContext;
  /** See `Session.migrate`; on the workspace's database. */
  migrate<T>(body: (connection: MigrationConnection) => Promise<T>): Promise<T>;
}

export type SessionTarget = Pick<SessionOptions, "endpoint" | "database" | "projectId"> &
  Partial<Pick<SessionOptions, "retryMaxMs">>;

export interface ContextByAccess {
  none: BaseContext;
  read: ReadContext;
  write: WriteContext;
  exchange: ExchangeContext;
  machine: MachineContext;
}
