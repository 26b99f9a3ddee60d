import { BdError } from "../errors.ts";
import { EXIT_CODES } from "./exit-code.ts";
import { jsonText } from "./present/json.ts";
import { styleFor, type Terminal } from "./terminal.ts";

interface ReportOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Prints an error for people on stderr, or for programs on stdout, and gives the exit code. */
export function reportError(error: unknown, terminal: Terminal, options: ReportOptions): number {
  const described = toBdError(error);
  if (options.json) terminal.stdout.write(`${jsonText(errorPayload(described), options.env)}\n`);
  else terminal.stderr.write(errorText(described, terminal, options));
  return EXIT_CODES[described.kind];
}

/** Bad input without a hint of its own: what a command takes stands in its help. Any other error passes unchanged. */
export function withHelpHint<E>(error: E, commandName: string): E | BdError {
  if (!(error instanceof BdError) || error.kind !== "usage" || error.hint !== undefined) return error;
  const { kind, code, message, details, cause } = error;
  return new BdError(kind, code, message, { hint: `${commandName} --help`, details, cause });
}

/** The lines for people: what happened, then what to type next. */
export function errorText(error: BdError, terminal: Terminal, options: Omit<ReportOptions, "json">): string {
  const style = styleFor(terminal.stderr, options.env);
  const lines = [`${style("red", "Error:")} ${error.message}`];
  if (error.hint !== undefined) lines.push(`${style("dim", "Hint:")} ${error.hint}`);
  if ((options.verbose || error.kind === "internal") && error.cause instanceof Error) {
    lines.push(error.cause.stack ?? error.cause.message);
  }
  return `${lines.join("\n")}\n`;
}

function errorPayload({ message, code, hint, details }: BdError): Record<string, unknown> {
  return {
    error: message,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  };
}

/** Whatever else was thrown is a bug of ours. */
function toBdError(error: unknown): BdError {
  if (error instanceof BdError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new BdError("internal", "INTERNAL", `this is a bug in bd: ${message}`, {
    hint: "bd version",
    cause: error,
  });
}
