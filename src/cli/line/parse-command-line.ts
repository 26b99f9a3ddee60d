import { Command, CommanderError } from "commander";
import { BdError, type CommandLine, command as commandLine } from "../../errors.ts";
import type { CommandDefinition, CommandEntry, Flags } from "../command.ts";
import { helpHint } from "../report-error.ts";
import type { Terminal } from "../terminal.ts";
import { globalOptions } from "./global-flags.ts";
import { canonicalLine, type ScannedLine, takesValue } from "./scan-flags.ts";

export interface ParsedLine {
  readonly args: readonly string[];
  readonly flags: Flags;
  /** Sentences about flags that were given and change nothing. */
  readonly ignored: readonly string[];
}

/** The grammar and help of one command; only the invoked one is built. */
export function buildCommand(entry: CommandEntry, definition: CommandDefinition, terminal: Terminal): Command {
  const command = new Command(`bd ${entry.words.join(" ")}`)
    .description(entry.summary)
    .helpOption("-h, --help", "show this help")
    .configureHelp({ minWidthToWrap: 20 })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => terminal.stdout.columns,
    });
  definition.configure?.(command);
  for (const flags of definition.unsupported ?? []) command.addOption(command.createOption(flags).hideHelp());
  for (const [flags] of definition.ignored ?? []) command.addOption(command.createOption(flags).hideHelp());
  command.optionsGroup("Global options:");
  for (const option of globalOptions()) command.addOption(option);
  if (definition.examples.length > 0) command.addHelpText("after", `\n${examplesText(definition.examples)}`);
  return command;
}

/**
 * Checks what follows the command's words, and turns texts into values. Throws BdError usage; gives undefined when help
 * was asked for and printed.
 */
export function parseCommandLine(
  command: Command,
  scanned: ScannedLine,
  definition: CommandDefinition,
): ParsedLine | undefined {
  try {
    command.parse(canonicalLine(scanned), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new BdError("usage", "BAD_USAGE", error.message.replace(/^error: /, ""), {
      hint: remoteHint(command, error) ?? helpHint(command.name()),
    });
  }
  if (scanned.fault !== undefined) {
    throw new BdError("usage", "BAD_USAGE", scanned.fault, { hint: helpHint(command.name()) });
  }
  const flags: Flags = command.opts();
  refuseContradictions(command, scanned);
  refuseUnsupported(command, definition.unsupported ?? []);
  return { args: command.args, flags, ignored: ignoredSentences(command, definition.ignored ?? []) };
}

/** Arguments and flags that name issues, or the session that acts, in whichever command they stand. */
export const ID_ARGUMENTS: ReadonlySet<string> = new Set(["id", "ids", "issue", "depends-on", "deleted-ids"]);
export const ID_FLAGS: ReadonlySet<string> = new Set([
  "--id",
  "--parent",
  "--blocks",
  "--of",
  "--with",
  "--issue",
  "--blocked-by",
  "--depends-on",
  "--waits-for",
  "--session",
]);

/**
 * An empty text is no id, and not the same as none: `bd close "$ID"` of a script that has lost its id must not take what
 * `bd close` takes, and one that has lost its session must not act without. Throws BdError usage EMPTY_ID.
 */
export function refuseEmptyIds(command: Command, { takesEmpty = [], endsWithLabel = false }: CommandDefinition): void {
  const places = [
    ...command.registeredArguments.map((argument, index) => ({
      name: argument.name(),
      isId: ID_ARGUMENTS.has(argument.name()),
      given: argument.variadic
        ? command.args.slice(index, endsWithLabel ? -1 : undefined)
        : command.args.slice(index, index + 1),
    })),
    ...command.options.map((option) => ({
      name: option.long ?? option.flags,
      isId: ID_FLAGS.has(option.long ?? "") && !takesEmpty.includes(option.long ?? ""),
      given: [command.getOptionValue(option.attributeName())].flat(),
    })),
  ];
  const empty = places.find(({ isId, given }) => isId && given.includes(""));
  if (empty === undefined) return;
  throw new BdError("usage", "EMPTY_ID", `the id is empty: ${empty.name}`, { hint: helpHint(command.name()) });
}

/** `bd dolt pull origin`, as git would have it. */
function remoteHint(command: Command, { code }: CommanderError): CommandLine | undefined {
  const [name, ...more] = command.args;
  if (code !== "commander.excessArguments" || name === undefined || more.length > 0) return undefined;
  const namesRemote = command.name().startsWith("bd dolt ") && command.options.some(({ long }) => long === "--remote");
  return namesRemote ? commandLine`${command.name().split(" ")} --remote=${name}` : undefined;
}

/** `--parent bd-9 --no-parent`: one would be lost without a word. Of switches the last word counts, as everywhere. */
function refuseContradictions(command: Command, { given }: ScannedLine): void {
  const names = new Set(given.map(({ option }) => option.long));
  const valued = new Set(given.filter(({ option }) => takesValue(option)).map(({ option }) => option.long));
  const pair = command.options.find(({ long, negate }) => negate && names.has(long) && valued.has(positive(long)));
  if (pair === undefined) return;
  throw new BdError(
    "usage",
    "CONTRADICTING_FLAGS",
    `${positive(pair.long)} and ${pair.long} contradict each other; give one of them`,
    { hint: helpHint(command.name()) },
  );
}

function positive(negated = ""): string {
  return negated.replace(/^--no-/, "--");
}

function refuseUnsupported(command: Command, unsupported: readonly string[]): void {
  const given = unsupported.find((declared) => isGiven(command, declared));
  if (given === undefined) return;
  throw new BdError("usage", "NOT_SUPPORTED", `${longName(command, given)}: not supported yet`, {
    hint: helpHint(command.name()),
  });
}

function ignoredSentences(command: Command, ignored: NonNullable<CommandDefinition["ignored"]>): readonly string[] {
  return ignored
    .filter(([declared]) => isGiven(command, declared))
    .map(([declared, why]) => `${longName(command, declared)} changes nothing: ${why}`);
}

/** Whether the flag stood on the command line: a negated one has a value of its own without that. */
function isGiven(command: Command, declared: string): boolean {
  return command.getOptionValueSource(command.createOption(declared).attributeName()) === "cli";
}

function longName(command: Command, declared: string): string {
  return command.createOption(declared).long ?? declared;
}

function examplesText(examples: CommandDefinition["examples"]): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return ["Examples:", ...examples.map(([line, meaning]) => `  ${line.padEnd(width)}  # ${meaning}`)].join("\n");
}
