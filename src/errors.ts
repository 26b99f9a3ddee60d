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
  | "timeout" // what a watch waits for did not happen in time
  | "conflict" // claimed by somebody else, merge conflict
  | "schema" // the database is older or newer than this program
  | "init-diverged" // init: the remote has another history
  | "init-exists" // init: there is data already
  | "init-token" // init: the confirmation is missing or wrong
  | "output" // standard output takes no more
  | "internal" // a bug
  | "interrupted"; // Ctrl-C

/**
 * What a terminal obeys instead of showing it, or shows so that a reader is fooled: control characters, halves of
 * surrogate pairs, marks that turn the direction of text around, line separators, and what can't be seen at all. Joiners
 * and variation selectors are left: scripts and emoji need them.
 */
export const UNPRINTABLE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e007f}]/u;

/** Of a word in a command: a terminal that edits no lines reads up to 4096 bytes of one, and drops the rest. */
const LONGEST_WORD = 1000;

declare const madeOfWords: unique symbol;
/** A command that is safe to paste into a shell; `command` alone makes it. */
export type CommandLine = string & { readonly [madeOfWords]: true };

export interface ErrorOptions {
  /** The next command to try: it must parse, and it never destroys anything. */
  readonly hint?: CommandLine | undefined;
  /** JSON-safe facts for scripts. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

export class BdError extends Error {
  readonly kind: ErrorKind;
  /** UPPER_SNAKE, stable across releases. */
  readonly code: string;
  readonly hint: CommandLine | undefined;
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

/** Ctrl-C ended a command; the sentence says what became of it. */
export function interrupted(sentence: string, cause?: unknown): BdError {
  return new BdError("interrupted", "INTERRUPTED", sentence, { cause });
}

/**
 * Why a command was told to end: the reason of its signal after Ctrl-C. What can't end at once, because an answer decides
 * what is true, waits for it; `again` says that nobody wants to wait any more.
 */
export class Interruption extends Error {
  readonly again: AbortSignal;

  constructor(again: AbortSignal) {
    super("interrupted");
    this.name = "AbortError"; // as Node calls what a signal ended
    this.again = again;
  }
}

/**
 * A command to type, made from words: whatever is put into the template becomes one word of it (a list: several words of
 * ours). Hints are shell text that people and agents run, and what stands in them may be somebody else's words: an id, a
 * path, a name must never be more than an argument. So
 * - a word is quoted so that sh, bash, zsh and fish all read it as it is;
 * - a word that stands alone and begins with `-` gets a `--` before it, and can't be an option; so what is put in is
 *   glued to its option (`--remote=${name}`) or comes last;
 * - a word that can't be shown as it is typed (see UNPRINTABLE), or that no terminal takes in one line, is left out:
 *   VALUE stands in its place.
 */
export function command(
  fixed: TemplateStringsArray,
  ...words: readonly (string | number | readonly string[])[]
): CommandLine {
  let line = fixed[0] ?? "";
  let optionsEnded = false;
  words.forEach((word, index) => {
    const quoted = typeof word === "object" ? word.map(shellWord).join(" ") : shellWord(String(word));
    optionsEnded ||= (fixed[index] ?? "").includes(" -- ");
    const looksLikeOption = typeof word === "string" && word.startsWith("-") && line.endsWith(" ");
    if (looksLikeOption && !optionsEnded) line += "-- ";
    optionsEnded ||= looksLikeOption;
    line += `${quoted}${fixed[index + 1] ?? ""}`;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where commands are made
  return line as CommandLine;
}

/**
 * Quotes end before `'` and `\`, which stand escaped: fish, unlike POSIX, knows escapes within single quotes. A leading `=`
 * is zsh's, `%` fish's.
 */
function shellWord(text: string): string {
  if (UNPRINTABLE.test(text) || text.length > LONGEST_WORD) return "VALUE";
  if (/^[\w./:@+,-][\w./:@+,=-]*$/.test(text)) return text;
  const parts = text.match(/['\\]|[^'\\]+/g) ?? [""];
  return parts.map((part) => (part === "'" || part === "\\" ? `\\${part}` : `'${part}'`)).join("");
}
