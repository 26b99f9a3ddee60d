import type { Result } from "../../app/frame.ts";
import type { Zone } from "../../core/time/time-zone.ts";
import { BdError } from "../../errors.ts";
import type { Flags, Handler } from "../command.ts";
import { EXIT_CODES, PARTIAL_FAILURE } from "../exit-code.ts";
import { errorText, reportError, withHelpHint } from "../report-error.ts";
import { styleFor, type Terminal } from "../terminal.ts";
import { type JsonForm, jsonText } from "./json-form.ts";
import { moreIndented, safeMessage, safeOutput } from "./text/safe-text.ts";

export interface OutcomeOptions {
  /** Of the command, as in `bd dep add`. */
  readonly name: string;
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The form for programs, or false for people. */
  readonly json: JsonForm | false;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly now: Date;
  readonly zone: Zone;
}

/** Prints what an operation gave, and what failed of it; gives the exit code. */
export async function presentOutcome(handler: Handler, result: Result, options: OutcomeOptions): Promise<number> {
  const { output } = result;
  const failures = result.failures.map(({ error }) => withHelpHint(error, options.name));
  const [first] = failures;
  if (first !== undefined && isNothing(output)) {
    for (const failure of failures.slice(1))
      options.terminal.stderr.write(errorText(failure, options.terminal, options));
    const code = reportError(first, options.terminal, options);
    return failures.every((failure) => failure.kind === first.kind) ? code : PARTIAL_FAILURE;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the handler was made for this operation's output
  const own = output as never;
  if (options.json) {
    const payload = result.payload();
    if (payload !== undefined)
      options.terminal.stdout.write(`${jsonText(payload, options.json, result.seen?.own ?? result.seen?.commit)}\n`);
    const note = handler.jsonNote?.(own, options.flags);
    if (note !== undefined) printNote(note, options);
  } else await presentText(handler, own, options);
  for (const failure of failures) options.terminal.stderr.write(errorText(failure, options.terminal, options));
  return failures.length > 0 ? PARTIAL_FAILURE : (exitOf(output) ?? 0);
}

function printNote(text: string, { terminal, env, quiet }: OutcomeOptions): void {
  if (!quiet) terminal.stderr.write(`${styleFor(terminal.stderr, env)("dim", safeMessage(text))}\n`);
}

/** Lines are written together: one by one, each would be a system call. */
async function presentText(handler: Handler, output: never, options: OutcomeOptions): Promise<void> {
  const { terminal, env, args, quiet, flags, now, zone } = options;
  const lines: string[] = [];
  const print = () => {
    if (lines.length > 0) terminal.stdout.write(`${lines.splice(0).join("\n")}\n`);
  };
  await handler.present(safeOutput(output), {
    line: (text = "") => void lines.push(moreIndented(text)),
    note: (text) => {
      print();
      printNote(text, options);
    },
    style: styleFor(terminal.stdout, env),
    columns: terminal.stdout.columns,
    isTerminal: terminal.stdout.isTerminal,
    quiet,
    args: safeOutput(args),
    flags: safeOutput(flags),
    now,
    zone,
  });
  print();
}

/** Whether nothing came out but failures: every list beside them is empty. */
function isNothing(output: unknown): boolean {
  if (typeof output !== "object" || output === null) return false;
  return Object.entries(output).every(([name, value]) => name === "failures" || value === undefined || isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : value instanceof Map && value.size === 0;
}

/** Operations that answer a question by their exit code (`ping`, `dolt test`) say so in `problem`. */
function exitOf(output: unknown): number | undefined {
  if (typeof output !== "object" || output === null || !("problem" in output)) return undefined;
  return output.problem instanceof BdError ? EXIT_CODES[output.problem.kind] : undefined;
}
