/**
 * What goes over the socket of a daemon: one JSON object a line, both ways. The daemon speaks first. docs/daemon.md
 * shows it to those who write clients.
 */

/** Changes with every change that an older client or daemon would misread. */
export const PROTOCOL = 1;

/** The longest line that either side takes, in bytes. */
export const LONGEST_LINE = 16 * 1024 * 1024;

/** The daemon's first line: by it, a client decides whether it speaks at all. */
export interface Greeting {
  readonly protocol: number;
  readonly version: string;
  readonly pid: number;
  /** The folder of the installation that it runs, without links: another one may be another version. */
  readonly program: string;
  /** The `.beads` folder as the daemon sees it: who sees another one there is in another world. */
  readonly workspace: string;
  /** The file mode mask of the daemon: files that commands write are to be the caller's. */
  readonly umask: number;
  /** What a password is hashed with that a client wants to show that it knows. */
  readonly salt: string;
}

/** A command line, and where it was typed. */
export interface Line {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The variables that bd and the programs that it asks read; no secret is among them. */
  readonly env: Readonly<Record<string, string>>;
  readonly terminal: TerminalFacts;
  /** `passwordProof` of the server's password, where the caller's environment has one. */
  readonly password?: string | undefined;
}

export interface TerminalFacts {
  readonly stdin: StreamFacts;
  readonly stdout: StreamFacts;
  readonly stderr: StreamFacts;
}

export interface StreamFacts {
  readonly isTerminal: boolean;
  /** Width in columns, of a terminal. */
  readonly columns?: number | undefined;
}

/** What a client says about request `id`, a number of its choice. */
export type ClientFrame = { readonly id: number } & (
  | { readonly line: Line }
  /** An operation, for programs. */
  | { readonly op: string; readonly input?: unknown; readonly caller?: ProgramCaller | undefined }
  /** The next piece of standard input in base64, or null for its end; sent when it was asked for. */
  | { readonly stdin: string | null }
  /** Ctrl-C and its kind. The first ends the request in order, the second the wait for an answer that decides. */
  | { readonly cancel: true }
);

/** Who asks, where it is not the person of the daemon where that was started. */
export interface ProgramCaller {
  readonly actor?: string | undefined;
  readonly session?: string | undefined;
  readonly readonly?: boolean | undefined;
  readonly cwd?: string | undefined;
}

/** What the daemon says about a command line; the last is `exit` or `direct`. */
export type LineFrame = { readonly id: number } & (
  | { readonly out: string }
  | { readonly err: string }
  /** It wants a piece of standard input. */
  | { readonly stdin: true }
  /** A change is about to be committed: what to look for, should the daemon end before it says more. */
  | { readonly writing: Writing }
  | { readonly exit: number }
  /** The line is for a process of its own, and nothing of it was done. */
  | { readonly direct: string }
);

/** What shows whether a change landed. */
export interface Writing {
  readonly operationId: string;
  /** The newest commit when the change began. */
  readonly since: string;
  /** Whether it left its mark in tables that Dolt ignores. */
  readonly isMarked: boolean;
}
