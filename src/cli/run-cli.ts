import { resolve } from "node:path";
import type { SettingFiles } from "../config/settings/setting-files.ts";
import type { FrontSettings } from "../config/settings/settings.ts";
import type { FeedEvent } from "../core/changes/feed-event.ts";
import { BdError, Interruption } from "../errors.ts";
import type { Caller, Place } from "../ops/caller.ts";
import type { SeenHead } from "../store/session-types.ts";
import type { EventHandler, Flags, Handler, Invocation } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import type { CursorFile } from "./cursor-file.ts";
import type { Env } from "./env.ts";
import { EXIT_CODES } from "./exit-code.ts";
import { groupHelp, rootHelp } from "./help.ts";
import { DATES_HELP } from "./help-dates.ts";
import { openInput, readText } from "./input/read-input.ts";
import { commandsBelow, groupOf, unknownCommand } from "./line/find-command.ts";
import { type GlobalFlags, globalFlags } from "./line/global-flags.ts";
import { parseCommandLine, refuseEmptyIds } from "./line/parse-command-line.ts";
import { type CommandLine, type OtherLine, readLine } from "./line/read-line.ts";
import type { TakerOptions } from "./present/event-taker.ts";
import type { JsonForm } from "./present/json-form.ts";
import { presentOutcome } from "./present/outcome.ts";
import { progressReporter } from "./present/progress.ts";
import { safeMessage } from "./present/text/safe-text.ts";
import { endedBySignal, helpHint, reportError, withHelpHint } from "./report-error.ts";
import { resultOf } from "./run-frames.ts";
import { styleFor } from "./terminal.ts";

/** What the run of one command line needs beside the line. */
interface Cli extends Env {
  /** How JSON is to look, or false for text: by flag or setting. Read when it is needed: help needs no settings. */
  readonly json: () => Promise<JsonForm | false>;
  /** Each is read once in a run. */
  readonly files: () => Promise<SettingFiles>;
  readonly settings: () => Promise<FrontSettings>;
}

/** Runs one command line and gives the exit code. Prints everything; throws nothing, whatever stands on the line or in a file. */
export async function runCli(argv: readonly string[], env: Env): Promise<number> {
  if (argv[0] === "__complete") return (await import("./completion/run-complete.ts")).runComplete(argv.slice(1), env);
  let opened: Promise<SettingFiles> | undefined;
  const files = () => {
    opened ??= import("../app/app.ts").then((m) => m.settingFiles({ ...env.machine, ...env.place }));
    return opened;
  };
  let flags = globalFlags({ given: [] });
  let isStream = false;
  let asked: Promise<FrontSettings> | undefined;
  const settings = () => {
    asked ??= Promise.all([import("../app/app.ts"), files()]).then(([m, of]) =>
      m.readFrontSettings(of, flags.directory),
    );
    return asked;
  };
  const json = async () => {
    const form = jsonForm(flags, await settings());
    return form && isStream ? "line" : form;
  };
  try {
    const line = await readLine(argv, env.terminal);
    ({ flags } = line);
    if (line.kind === "other") return groupOrUnknown(line, argv, env);
    isStream = line.definition.handlers.some(({ events }) => events !== undefined);
    return await runCommand(line, { ...env, json, files, settings });
  } catch (error) {
    return reportError(endedBySignal(error, env.signal), env.terminal, {
      // Settings of which nothing can be read, whatever is wrong with them, say nothing about the form.
      json: await json().catch(() => flags.json === true && "plain"),
      verbose: flags.verbose,
      env: env.place.env,
    });
  }
}

function jsonForm({ json }: GlobalFlags, settings: FrontSettings): JsonForm | false {
  if (!(json ?? settings.json)) return false;
  return settings.jsonEnvelope ? "envelope" : "plain";
}

function groupOrUnknown(
  { words, flags, asksForHelp, needsCommand }: OtherLine,
  argv: readonly string[],
  env: Env,
): number {
  const { stdout } = env.terminal;
  if (words.length === 0) {
    if (needsCommand && !asksForHelp) throw missingCommand(argv);
    stdout.write(rootHelp(COMMANDS, stdout));
    return 0;
  }
  if (asksForHelp && words.join(" ") === "dates") {
    stdout.write(DATES_HELP);
    return 0;
  }
  const group = groupOf(COMMANDS, words);
  const entries = group.length === 0 ? [] : commandsBelow(COMMANDS, group);
  if (entries.length === 0 || !(asksForHelp || words.length === group.length)) throw unknownCommand(COMMANDS, words);
  if (flags.json === true && !asksForHelp) throw missingCommand(argv, group.join(" "));
  stdout.write(groupHelp(group, entries, stdout));
  return asksForHelp ? 0 : EXIT_CODES.usage;
}

function missingCommand(argv: readonly string[], group?: string): BdError {
  const hint = helpHint(group === undefined ? "bd" : `bd ${group}`);
  return new BdError("usage", "NO_COMMAND", `no command in "bd ${argv.join(" ")}"`, { hint });
}

async function runCommand({ command, definition, scanned, flags }: CommandLine, env: Cli): Promise<number> {
  const name = command.name();
  try {
    const line = parseCommandLine(command, scanned, definition);
    if (line === undefined) return 0;
    refuseEmptyIds(command, definition);
    const handler = definition.handlers.find(({ when }) => when === undefined || when(line.flags, line.args));
    if (handler === undefined) throw new Error("no handler of this command fits its flags");
    if (env.host !== undefined) {
      const { needsOwnProcess } = await import("./needs-own-process.ts");
      const why = needsOwnProcess(handler, line.flags);
      if (why !== undefined) return env.host.handBack(why);
    }
    const note = noteWriter(flags, env);
    line.ignored.forEach(note);
    if (env.direct !== undefined && flags.verbose) note(`not through the daemon: ${env.direct}`);
    return await runHandler({ name, handler, line, flags, note }, env);
  } catch (error) {
    throw withHelpHint(error, name);
  }
}

interface Given {
  readonly args: readonly string[];
  readonly flags: Record<string, unknown>;
}

interface Run {
  /** As in `bd dep add`. */
  readonly name: string;
  readonly handler: Handler;
  readonly line: { readonly args: readonly string[]; readonly flags: Flags };
  readonly flags: GlobalFlags;
  readonly note: (text: string) => void;
}

async function runHandler({ name, handler, line: given, flags, note }: Run, env: Cli): Promise<number> {
  const { terminal, machine, place, signal } = env;
  const json = await env.json();
  const line: Given = { ...given, flags: { ...given.flags, json: json !== false } };
  const { openApp } = await import("../app/app.ts");
  const app = env.app ?? openApp(machine, { idleSessions: 0 });
  const unanswered =
    env.lost === undefined ? undefined : (await import("./after-lost-daemon.ts")).afterLostDaemon(env.lost);
  // What is wrong with it is said before anything is done.
  const cursorFile = await cursorFileOf(place);
  const invocation = invocationOf(line, env, { cwd: resolve(place.cwd, flags.directory ?? "."), cursorFile });
  const progress = progressReporter(terminal.stderr, flags.quiet);
  const wantsCursor = handler.events === undefined && (cursorFile !== undefined || json === "envelope");
  try {
    const result = await resultOf(
      app.call(handler.operation, await handler.input(invocation), {
        caller: { ...callerOf(place, flags, line.flags), wantsCursor },
        signal: limited(signal, handler.longestMs?.(line.flags)),
        files: await env.files(),
        onCommitting: env.host?.onCommitting,
        unanswered,
      }),
      {
        progress,
        note,
        detail: flags.verbose ? note : () => {},
        confirm: async (question) => (await import("./input/confirm.ts")).confirm(question, terminal),
        sink: await handler.sink?.(invocation),
        event: await eventTakerOf(handler.events?.(invocation), { ...env, isJson: json !== false, cursorFile }),
      },
    );
    const code = await presentOutcome(handler, result, {
      name,
      terminal,
      env: place.env,
      json,
      quiet: flags.quiet,
      verbose: flags.verbose,
      args: line.args,
      flags: line.flags,
      now: machine.clock(),
      zone: place.zone,
    });
    if (result.seen !== undefined) leaveCursor(cursorFile, result.seen, note);
    if ((await env.settings()).autostart) {
      const { autostart } = await import("./autostart.ts");
      await autostart({ name, directory: flags.directory }, app, env);
    }
    return code;
  } finally {
    if (env.app === undefined) app.close();
  }
}

/** Ends after so many milliseconds, too. */
function limited(signal: AbortSignal, ms: number | undefined): AbortSignal {
  if (ms === undefined) return signal;
  const [late, again] = [new AbortController(), new AbortController()];
  setTimeout(() => late.abort(new Interruption(again.signal)), ms).unref();
  return AbortSignal.any([signal, late.signal]);
}

/** The person's BD_CURSOR_FILE. Few have one, so it costs the others nothing. */
async function cursorFileOf({ env, cwd }: Place): Promise<CursorFile | undefined> {
  const name = env["BD_CURSOR_FILE"];
  if (!name) return undefined;
  const { openCursorFile } = await import("./cursor-file.ts");
  return openCursorFile(resolve(cwd, name));
}

/** What the command did is done and told, so this fails nothing: whoever goes on from the old cursor hears more, not less. */
function leaveCursor(file: CursorFile | undefined, seen: SeenHead, note: (text: string) => void): void {
  try {
    file?.leave(seen);
  } catch (error) {
    note(`the cursor stays where it was: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function eventTakerOf(
  handler: EventHandler | undefined,
  options: TakerOptions,
): Promise<(event: FeedEvent) => Promise<void>> {
  if (handler === undefined) return () => Promise.resolve();
  return (await import("./present/event-taker.ts")).eventTaker(handler, options);
}

function callerOf(place: Place, { readonly, directory, db, actor }: GlobalFlags, { session }: Flags): Caller {
  const named = typeof session === "string" ? session : undefined;
  return { ...place, readonly, directory, database: db, actor, session: named };
}

interface InvocationPlace {
  readonly cwd: string;
  readonly cursorFile: CursorFile | undefined;
}

/** The parsed line with the files and streams that it names; `-C DIR` counts for files as it does for everything. */
function invocationOf(
  { args, flags }: Given,
  { terminal, place, signal }: Env,
  { cwd, cursorFile }: InvocationPlace,
): Invocation {
  let isStdinTaken = false;
  const take = (path: string): string => {
    if (path === "-" && isStdinTaken) throw stdinTwice();
    isStdinTaken ||= path === "-";
    return path;
  };
  const readOnce = async (path: string) => readText(take(path), { terminal, cwd, signal });
  return {
    args,
    flags,
    readStdin: () => readOnce("-"),
    readText: readOnce,
    openInput: (path) => openInput(take(path), { terminal, cwd, signal }),
    async text(name) {
      if (flags[name] === "-") flags[name] = (await readOnce("-")).trimEnd();
      const value = flags[name];
      return typeof value === "string" ? value : undefined;
    },
    leftCursor: cursorFile?.left,
    async shell(commandLine, call) {
      const { runShell } = await import("./input/run-shell.ts");
      const result = await runShell(commandLine, call, { place, signal, cwd });
      // Among lines of JSON there is no place for others.
      (flags["json"] === true ? terminal.stderr : terminal.stdout).write(result.stdout);
      return result;
    },
    openOutput: async (path) => (await import("./present/output-sink.ts")).openOutput(path, terminal, cwd),
  };
}

function stdinTwice(): BdError {
  const message = "standard input can be read only once, and two of the texts are to come from it";
  return new BdError("usage", "STDIN_TWICE", message);
}

/** Notes go beside the result, dimmed, and not at all with `--quiet`. */
function noteWriter(flags: GlobalFlags, env: Env): (text: string) => void {
  const style = styleFor(env.terminal.stderr, env.place.env);
  return (text) => {
    if (!flags.quiet) env.terminal.stderr.write(`${style("dim", safeMessage(text))}\n`);
  };
}
