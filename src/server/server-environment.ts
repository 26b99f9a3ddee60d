/** All that this room knows of the process it runs in: `src/main.ts` builds the real one, tests build theirs. */
export interface ServerEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The effective user; undefined where the system has no such numbers. */
  readonly uid?: number | undefined;
  /** The home directory, absolute. */
  readonly home: string;
  /** As `process.platform`: `linux`, `darwin`. */
  readonly platform: string;
  /** As `process.arch`: `x64`, `arm64`. */
  readonly arch: string;
  /** Of this process; recorded while it starts a server. */
  readonly pid: number;
  /** Tells the person one line about what happens now. */
  say(line: string): void;
  /** As `process.kill`: throws ESRCH or EPERM. */
  kill(pid: number, signal: "SIGTERM"): void;
  /** Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
}
