import { resolve } from "node:path";
import type { SettingFiles } from "../config/setting-files.ts";
import { BdError } from "../errors.ts";
import type { CommandDefinition, CommandEntry, Flags, Invocation } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import type { Env } from "./env.ts";
import { EXIT_CODES } from "./exit-code.ts";
import { commandsBelow, findCommand, groupOf, unknownCommand } from "./find-command.ts";
import { directoryIn, type GlobalFlags, globalFlags, splitAtCommand } from "./global-flags.ts";
import { groupHelp, rootHelp } from "./help.ts";
import { openInput, readText } from "./input/read-input.ts";
import { buildCommand, parseCommandLine, refuseEmptyIds } from "./parse-command-line.ts";
import type { JsonForm } from "./present/json.ts";
import { presentOutcome } from "./present/outcome.ts";
import { progressReporter } from "./present/progress.ts";
import { safeMessage } from "./present/safe-text.ts";
import { endedBySignal, helpHint, reportError, withHelpHint } from "./report-error.ts";
import { styleFor, type Terminal } from "./terminal.ts";

const VERSION_FLAGS: ReadonlySet<string> = new Set(["-V", "--version"]);
const HELP_FLAGS: ReadonlySet<string> = new Set(["-h", "--help"]);

/** What the run of one command line needs beside the line. */
interface Cli extends Env {
  /** How JSON is to look, or false for text: by flag or setting. Read when it is needed: help needs no settings. */
  readonly json: () => Promise<JsonForm | false>;
  /** Each is read once in a run. */
  readonly files: () => Promise<SettingFiles>;
}

/** Runs one command line and gives the exit code. Prints everything; throws nothing. */
export async function runCli(argv: readonly string[], env: Env): Promise<number> {
  let opened: Promise<SettingFiles> | undefined;
  const files = () => {
    opened ??= import("../config/setting-files.ts").then((m) => m.settingFiles(env.machine));
    return opened;
  };
  const json = async () => jsonForm(argv, await files());
  try {
    return await dispatch(argv, { ...env, json, files });
  } catch (error) {
    return reportError(endedBySignal(error, env.signal), env.terminal, {
      json: await json(),
      verbose: argv.includes("-v") || argv.includes("--verbose"),
      env: env.machine.env,
    });
  }
}

async function jsonForm(argv: readonly string[], files: SettingFiles): Promise<JsonForm | false> {
  const { readOutputSettings } = await import("../config/settings.ts");
  const settings = await readOutputSettings(files, directoryIn(argv));
  if (!settings.json && !argv.includes("--json")) return false;
  return settings.jsonEnvelope ? "envelope" : "plain";
}

async function dispatch(argv: readonly string[], env: Cli): Promise<number> {
  const { leading, words, rest } = splitAtCommand(argv);
  if (words.length === 0) {
    if (argv.some((argument) => VERSION_FLAGS.has(argument))) return dispatch(["version"], env);
    const unknown = argv.find(
      (argument) => argument.startsWith("-") && !HELP_FLAGS.has(argument) && argument !== "--json",
    );
    if (unknown !== undefined && !argv.some((argument) => HELP_FLAGS.has(argument))) throw missingCommand(argv);
    env.terminal.stdout.write(rootHelp(COMMANDS, env.terminal.stdout));
    return 0;
  }
  if (words[0] === "help") return dispatch([...words.slice(1), "--help"], env);
  const found = findCommand(COMMANDS, words);
  if (found === undefined) return groupOrUnknown(words, argv, env);
  return runCommand(found.entry, [...leading, ...words.slice(found.used), ...rest], env);
}

function groupOrUnknown(words: readonly string[], argv: readonly string[], env: Cli): number {
  const group = groupOf(COMMANDS, words);
  const entries = group.length === 0 ? [] : commandsBelow(COMMANDS, group);
  const asksForHelp = words.length === group.length || argv.some((argument) => HELP_FLAGS.has(argument));
  if (entries.length === 0 || !asksForHelp) throw unknownCommand(COMMANDS, words);
  if (argv.includes("--json") && !argv.some((argument) => HELP_FLAGS.has(argument)))
    throw missingCommand(argv, group.join(" "));
  env.terminal.stdout.write(groupHelp(group, entries, env.terminal.stdout));
  return argv.some((argument) => HELP_FLAGS.has(argument)) ? 0 : EXIT_CODES.usage;
}

function missingCommand(argv: readonly string[], group?: string): BdError {
  const hint = helpHint(group === undefined ? "bd" : `bd ${group}`);
  return new BdError("usage", "NO_COMMAND", `no command in "bd ${argv.join(" ")}"`, { hint });
}

async function runCommand(entry: CommandEntry, argv: readonly string[], env: Cli): Promise<number> {
  const definition = await entry.load();
  const command = buildCommand(entry, definition, env.terminal);
  const name = command.name();
  try {
    const line = parseCommandLine(command, argv, definition);
    if (line === undefined) return 0;
    refuseEmptyIds(command, definition);
    const flags = globalFlags(line.flags);
    const note = noteWriter(flags, env);
    line.ignored.forEach(note);
    return await runHandler({ name, definition, line, flags, note }, env);
  } catch (error) {
    throw withHelpHint(error, name);
  }
}

interface Run {
  /** As in `bd dep add`. */
  readonly name: string;
  readonly definition: CommandDefinition;
  readonly line: { readonly args: readonly string[]; readonly flags: Flags };
  readonly flags: GlobalFlags;
  readonly note: (text: string) => void;
}

async function runHandler({ name, definition, line: given, flags, note }: Run, env: Cli): Promise<number> {
  const { terminal, machine } = env;
  const json = await env.json();
  const line: Run["line"] = { ...given, flags: { ...given.flags, json: json !== false } };
  const handler = definition.handlers.find(({ when }) => when === undefined || when(line.flags, line.args));
  if (handler === undefined) throw new Error("no handler of this command fits its flags");
  const { runOperation } = await import("../ops/run-operation.ts");
  const invocation = invocationOf(line, terminal, resolve(machine.cwd, flags.directory ?? "."));
  const progress = progressReporter(terminal.stderr, flags.quiet);
  const output = await runOperation(
    {
      ...env,
      files: await env.files(),
      progress: progress.report,
      note: (text) => {
        progress.clear();
        note(text);
      },
      detail: (text) => {
        progress.clear();
        if (flags.verbose) note(text);
      },
      confirm: async (question) => {
        progress.clear();
        return (await import("./input/confirm.ts")).confirm(question, terminal);
      },
      readonly: flags.readonly,
      directory: flags.directory,
      database: flags.db,
      actor: flags.actor,
      session: typeof line.flags["session"] === "string" ? line.flags["session"] : undefined,
    },
    handler.operation,
    await handler.input(invocation),
  ).finally(progress.clear);
  return presentOutcome(handler, output, {
    name,
    terminal,
    env: machine.env,
    json,
    quiet: flags.quiet,
    verbose: flags.verbose,
    flags: line.flags,
    now: env.clock(),
  });
}

/** The parsed line with the files and streams that it names; `-C DIR` counts for files as it does for everything. */
function invocationOf(line: Run["line"], terminal: Terminal, cwd: string): Invocation {
  return {
    ...line,
    readStdin: () => readText("-", terminal, cwd),
    readText: (path) => readText(path, terminal, cwd),
    openInput: (path) => openInput(path, terminal, cwd),
    openOutput: async (path) => (await import("./present/output-sink.ts")).openOutput(path, terminal, cwd),
  };
}

/** Notes go beside the result, dimmed, and not at all with `--quiet`. */
function noteWriter(flags: GlobalFlags, env: Env): (text: string) => void {
  const style = styleFor(env.terminal.stderr, env.machine.env);
  return (text) => {
    if (!flags.quiet) env.terminal.stderr.write(`${style("dim", safeMessage(text))}\n`);
  };
}
