import type { Zone } from "../core/time/time-zone.ts";
import type { Timing } from "../store/connection/pauses.ts";

/** The process and what it runs on: one for all callers. */
export interface Machine {
  /** The effective user, who says whose files are trusted; undefined where the system has no such numbers. */
  readonly uid: number | undefined;
  readonly platform: string;
  readonly arch: string;
  /** Of this process. */
  readonly pid: number;
  /** As `process.kill`: throws ESRCH or EPERM. */
  kill(pid: number, signal: "SIGTERM"): void;
  /** The folder that holds `package.json`, `migrations`, `systemd` and `dist`. */
  readonly packageRoot: string;
  /** Absolute paths of the program that runs us, and of our own entry, as they were called. */
  readonly node: string;
  readonly bd: string;
  readonly clock: () => Date;
  /** A fresh UUID, version 7. */
  readonly newId: () => string;
  readonly timing: Timing;
  /** What lends the terminal to another program; where no person sits at one, nothing does. */
  readonly terminalLender?: (() => TerminalLender | undefined) | undefined;
  /** Makes a daemon of this process, until it ends; where it can be one. */
  readonly becomeDaemon?: ((options: DaemonOptions) => Promise<void>) | undefined;
  /** Serves HTTP in this process, until it ends; where it can. */
  readonly serveHttp?: ((options: HttpOptions, caller: Caller, heard: HttpHearer) => Promise<void>) | undefined;
}

/** How the tracker is to be served over HTTP. */
export interface HttpOptions {
  /** A name or an address of this machine. */
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  /** Other names under which it is reached, as `Host` headers have them. */
  readonly names: readonly string[];
  /** What requests must show. */
  readonly token: string;
  readonly readonly: boolean;
  /** How the tasks of the store are kept that the environment names. */
  readonly tasks: { readonly prefix: string; readonly statuses: readonly [string, ...string[]] };
}

export interface HttpHearer {
  /** Hears when it is to be reached, and where. */
  readonly onListening: (url: string) => void;
  /** Hears of each request that was answered: method, path and status. */
  readonly onRequest: (line: string) => void;
}

/** Lets another program have the terminal while `work` runs: Ctrl-C is meant for that one. */
export type TerminalLender = <T>(work: () => Promise<T>) => Promise<T>;

/** What a daemon is asked to be. */
export interface DaemonOptions {
  /** Without links. */
  readonly beadsDir: string;
  readonly mode: "events" | "poll";
  /** Leave after so long without anything to do, in milliseconds; undefined for never. */
  readonly idleExitMs: number | undefined;
  /** How long files and changes must be quiet before something is done about them. */
  readonly debounceMs: number;
  /** Time between two looks at the files, where it looks. */
  readonly pollMs: number;
  /** Whether it looks where it can't be told. */
  readonly fallsBack: boolean;
  /** How it serves HTTP besides; undefined for not at all. */
  readonly http: HttpOptions | undefined;
  /** Time between two rounds of pull and push that the daemon makes by itself, in milliseconds; undefined for none. */
  readonly roundMs: number | undefined;
  /** Whether it mirrors the task store that its environment names. */
  readonly mirrors: boolean;
}

/** Where a caller stands. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** DOLT_REMOTE_PASSWORD, which is not in `env`: so no child process inherits it. */
  readonly remotePassword?: string | undefined;
  readonly zone: Zone;
}

/** Who asks for one operation: where they stand, and what they said for this request alone. */
export interface Caller extends Place {
  /** Whether nothing may be changed. */
  readonly readonly: boolean;
  /** The folder to work in, from `cwd`; `cwd` itself where none is named. */
  readonly directory: string | undefined;
  readonly database: string | undefined;
  readonly actor: string | undefined;
  /** The session of work that claims belong to. */
  readonly session: string | undefined;
  /** Whether the result is to say up to which commit the caller has seen what happened. */
  readonly wantsCursor?: boolean | undefined;
}
