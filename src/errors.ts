/**
 * Every way a command can fail. The kind decides the exit code (the table is in `cli/exit-code.ts`); the code is a
 * stable word for scripts; the message says what happened; the hint is the next command to try.
 */
export type ErrorKind =
  | "rejected" // a rule said no, or some of several items failed
  | "usage" // bad flags, arguments or input file
  | "not-found" // no such issue, or an ambiguous id
  | "config" // settings missing, unreadable or contradictory
  | "unavailable" // the server can't be reached, or a wait ended
  | "conflict" // claimed by somebody else, merge conflict
  | "schema" // the database is older or newer than this program
  | "init-diverged" // init: the remote has another history
  | "init-exists" // init: there is data already
  | "init-token" // init: the confirmation is missing or wrong
  | "output" // standard output takes no more
  | "internal" // a bug
  | "interrupted"; // Ctrl-C

export interface ErrorOptions {
  /** The next command to try: it must parse, and it never destroys anything. */
  readonly hint?: string | undefined;
  /** JSON-safe facts for scripts. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

export class BdError extends Error {
  readonly kind: ErrorKind;
  /** UPPER_SNAKE, stable across releases. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(kind: ErrorKind, code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "BdError";
    this.kind = kind;
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }
}

/**
 * A command to type, made from words: whatever is put into the template becomes one word of it, quoted for a POSIX
 * shell, so that an id, a path or a name can never be more than an argument. Hints are shell text that people and agents
 * run, and what stands in them may be somebody else's words.
 */
export function command(fixed: TemplateStringsArray, ...words: readonly string[]): string {
  return fixed.reduce((line, part, index) => `${line}${shellWord(words[index - 1] ?? "")}${part}`);
}

/** A text as one word of a command that people are to type. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
