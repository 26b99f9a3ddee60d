import { getSystemErrorMessage } from "node:util";
import { errorWire, toBdError } from "../app/error-wire.ts";
import { BdError, type CommandLine, command, interrupted } from "../errors.ts";
import { EXIT_CODES } from "./exit-code.ts";
import { type JsonForm, jsonText } from "./present/json-form.ts";
import { safeMessage } from "./present/text/safe-text.ts";
import { styleFor, type Terminal } from "./terminal.ts";

interface ReportOptions {
  /** The form for programs, or false for people. */
  readonly json: JsonForm | false;
  readonly verbose: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Prints an error for people on stderr, or for programs on stdout, and gives the exit code. */
export function reportError(error: unknown, terminal: Terminal, options: ReportOptions): number {
  const described = toBdError(error);
  if (options.json) terminal.stdout.write(`${jsonText(errorWire.of(described), options.json)}\n`);
  else terminal.stderr.write(errorText(described, terminal, options));
  return EXIT_CODES[described.kind];
}

/** Bad input without a hint of its own: what a command takes stands in its help. Any other error passes unchanged. */
export function withHelpHint<E>(error: E, commandName: string): E | BdError {
  if (!(error instanceof BdError) || error.kind !== "usage" || error.hint !== undefined) return error;
  const { kind, code, message, details, cause } = error;
  return new BdError(kind, code, message, { hint: helpHint(commandName), details, cause });
}

/** `bd dolt pull --help` for `bd dolt pull`. */
export function helpHint(commandName: string): CommandLine {
  return command`${commandName.split(" ")} --help`;
}

/** The lines for people: what happened, then what to type next. */
export function errorText(error: BdError, terminal: Terminal, options: Omit<ReportOptions, "json">): string {
  const style = styleFor(terminal.stderr, options.env);
  const lines = [`${style("red", "Error:")} ${safeMessage(error.message)}`];
  if (error.hint !== undefined) lines.push(`${style("dim", "Hint:")} ${error.hint}`);
  if ((options.verbose || error.kind === "internal") && error.cause instanceof Error) {
    lines.push(safeMessage(error.cause.stack ?? error.cause.message));
  }
  return `${lines.join("\n")}\n`;
}

/** The line about standard output that takes no more, as on a full disk. What the command did stands. */
export function lostOutput(error: unknown): BdError {
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : undefined;
  const reason = errno === undefined ? String(error) : getSystemErrorMessage(errno);
  return new BdError("output", "OUTPUT_LOST", `can't write to standard output: ${reason}`, { cause: error });
}

/** A wait that Ctrl-C ended outside the store, which can tell what became of a write. */
export function endedBySignal(error: unknown, signal: AbortSignal): unknown {
  const ended = signal.aborted && error instanceof Error && error.name === "AbortError";
  return ended ? interrupted("interrupted", error) : error;
}
