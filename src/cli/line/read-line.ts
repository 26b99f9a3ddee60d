import { type Command, Option } from "commander";
import type { CommandDefinition, CommandEntry } from "../command.ts";
import { COMMANDS } from "../commands/index.ts";
import type { Terminal } from "../terminal.ts";
import { findCommand } from "./find-command.ts";
import { type GlobalFlags, globalFlags, globalOptions } from "./global-flags.ts";
import { buildCommand } from "./parse-command-line.ts";
import { type ScannedLine, scanFlags } from "./scan-flags.ts";

/** What a line means: a command with its grammar, or words that are none. */
export type Line = CommandLine | OtherLine;

export interface CommandLine {
  readonly kind: "command";
  readonly definition: CommandDefinition;
  readonly command: Command;
  readonly scanned: ScannedLine;
  readonly flags: GlobalFlags;
}

export interface OtherLine {
  readonly kind: "other";
  /** None, a group's, or unknown ones. */
  readonly words: readonly string[];
  readonly asksForHelp: boolean;
  /** Whether there are flags that say something about a command, and none is there. */
  readonly needsCommand: boolean;
  readonly flags: GlobalFlags;
}

const HELP = "--help";
const VERSION = "--version";

/** Reads a line by the grammar of the command that it names, which is loaded for that. Throws nothing of the user's. */
export async function readLine(argv: readonly string[], terminal: Terminal): Promise<Line> {
  const scanned = scanFlags(argv, [...globalOptions(), new Option(`-h, ${HELP}`), new Option(`-V, ${VERSION}`)]);
  const words = commandWords(scanned);
  const texts = words.map(({ text }) => text);
  if (texts[0] === "help") return readLine([...texts.slice(1), HELP], terminal);
  const has = (long: string) => scanned.given.some(({ option, value }) => option.long === long && value === true);
  if (texts.length === 0 && has(VERSION)) {
    return readLine(["version", ...argv.filter((text) => text !== "-V" && text !== VERSION)], terminal);
  }
  const found = findCommand(COMMANDS, texts);
  if (found === undefined) {
    const needsCommand =
      scanned.unknown.length + scanned.operands.length > 0 ||
      scanned.given.some(({ option }) => ![HELP, "--json"].includes(option.long ?? ""));
    return { kind: "other", words: texts, asksForHelp: has(HELP), needsCommand, flags: globalFlags(scanned) };
  }
  const used = new Set(words.slice(0, found.used).map(({ at }) => at));
  const rest = argv.filter((_text, at) => !used.has(at));
  return commandLine(found.entry, rest, terminal);
}

async function commandLine(entry: CommandEntry, argv: readonly string[], terminal: Terminal): Promise<CommandLine> {
  const definition = await entry.load();
  const command = buildCommand(entry, definition, terminal);
  const scanned = scanFlags(argv, [...command.options, new Option(`-h, ${HELP}`)]);
  return { kind: "command", definition, command, scanned, flags: globalFlags(scanned) };
}

/** The words that may name the command: global flags may stand before and between them, a flag of its own ends them. */
function commandWords({ operands, unknown }: ScannedLine): ScannedLine["operands"] {
  const first = operands[0]?.at ?? 0;
  const end = unknown.find(({ at }) => at > first)?.at ?? Number.POSITIVE_INFINITY;
  return operands.filter(({ at, literal }) => at < end && !literal);
}
