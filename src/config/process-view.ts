/** What this room may know about the process: values, taken once by `main`, so that tests need no real environment. */
export interface ProcessView {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The effective user; undefined where the system has no such numbers. */
  readonly uid?: number | undefined;
  /** Absolute path. */
  readonly cwd: string;
  /** Absolute path of the person's home folder. */
  readonly home: string;
  /** `process.platform`; only Windows makes a difference. */
  readonly platform?: string | undefined;
}

/** The value of an environment variable; an empty one counts as not set. */
export function environmentValue(view: Pick<ProcessView, "env">, name: string): string | undefined {
  const value = view.env[name];
  return value === undefined || value === "" ? undefined : value;
}
