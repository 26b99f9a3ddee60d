import type { Command } from "commander";
import type { FeedEvent } from "../core/changes/feed-event.ts";
import type { Zone } from "../core/time/time-zone.ts";
import type { AnyOperation, OutputOf } from "../ops/operation.ts";
import type { TextSink } from "./present/output-sink.ts";
import type { Style } from "./terminal.ts";

/** Headings of `bd --help`. */
export type CommandGroup = "issues" | "views" | "dependencies" | "data" | "setup" | "remotes" | "server";

/** What is known of a command before it is loaded. */
export interface CommandEntry {
  /** As typed: `["dep", "add"]`. */
  readonly words: readonly string[];
  /** Other names for the last word. */
  readonly aliases?: readonly string[];
  readonly group: CommandGroup;
  readonly summary: string;
  readonly load: () => Promise<CommandDefinition>;
}

export interface CommandDefinition {
  /** Declares arguments and options. */
  readonly configure?: (command: Command) => void;
  /** Lines that run as they stand, each with what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Flags of the peer that we refuse with a sentence: not built yet. */
  readonly unsupported?: readonly string[];
  /** Flags of the peer that change nothing here; using one says why. */
  readonly ignored?: readonly (readonly [flags: string, why: string])[];
  /** Flags that name an issue and take an empty text: it says something there, or is refused in other words. */
  readonly takesEmpty?: readonly string[];
  /** The last word of its arguments is a label, although ids go before it. */
  readonly endsWithLabel?: boolean;
  /** The first whose `when` holds for the flags takes the invocation. */
  readonly handlers: readonly Handler[];
}

export type Flags = Readonly<Record<string, unknown>>;

/** A parsed command line, with the ways to get at what it points to. */
export interface Invocation {
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly readStdin: () => Promise<string>;
  /**
   * The text of a flag that may be long, where `-` stands for standard input; what comes from there loses blanks at its
   * end, and stands in the flags from then on.
   */
  readonly text: (name: string) => Promise<string | undefined>;
  /** The text of a file, `-` for standard input. Throws BdError usage, STDIN_TWICE for a second use of that. */
  readonly readText: (path: string) => Promise<string>;
  /** Bytes of a file, `-` for standard input; errors come at the first read. */
  readonly openInput: (path: string) => AsyncIterable<Uint8Array>;
  /** The cursor that the last command left in the file of BD_CURSOR_FILE. */
  readonly leftCursor: string | undefined;
  /** Runs a command line of the person's, in the folder where they stand. */
  readonly shell: (line: string, call: ShellCall) => Promise<ShellResult>;
  /** A file that appears when it is complete, or standard output. */
  readonly openOutput: (path: string | undefined) => Promise<TextSink>;
}

export interface ShellCall {
  readonly stdin: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ShellResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where text for people goes. */
export interface View {
  /** One line; what follows a line feed in it is somebody's text, and is indented. */
  readonly line: (text?: string) => void;
  /** Beside the result: standard error, silent with `--quiet`. */
  readonly note: (text: string) => void;
  readonly style: Style;
  readonly columns: number;
  readonly isTerminal: boolean;
  /** Whether only what was asked for is to be said. */
  readonly quiet: boolean;
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly now: Date;
  /** The reader's time zone. */
  readonly zone: Zone;
}

export interface Handler {
  readonly when?: (flags: Flags, args: readonly string[]) => boolean;
  /** Name in `ops/index.ts`; its access decides what the command may do. */
  readonly operation: string;
  /** Maps the command line to the operation's input, whose schema checks it. */
  readonly input: (invocation: Invocation) => unknown;
  /** Text for people. */
  readonly present: (output: never, view: View) => void | Promise<void>;
  /**
   * Of an operation that says what happens in the tracker: programs get a line of JSON for each event and for the end, people
   * what `line` makes of it; `taken` is called after each.
   */
  readonly events?: (invocation: Invocation) => EventHandler;
  /** Why the command, with these flags, can't run in a daemon: its access may say so, too. */
  readonly ownProcess?: (flags: Flags) => string | undefined;
  /** After so many milliseconds it is interrupted; undefined for never. */
  readonly longestMs?: (flags: Flags) => number | undefined;
  /** Where long text goes that the operation gives in pieces. */
  readonly sink?: (invocation: Invocation) => Promise<TextSink>;
  /** What `--json` says beside the payload, on standard error: that a list was cut. */
  readonly jsonNote?: (output: never, flags: Flags) => string | undefined;
}

export interface EventHandler {
  readonly line: (event: FeedEvent, view: Pick<View, "style" | "zone">) => string;
  readonly taken?: ((event: FeedEvent) => Promise<void>) | undefined;
}

interface TypedHandler<O extends AnyOperation> extends Omit<Handler, "present" | "jsonNote"> {
  readonly present: (output: OutputOf<O>, view: View) => void | Promise<void>;
  readonly jsonNote?: (output: OutputOf<O>, flags: Flags) => string | undefined;
}

/** A handler whose presentation is checked against the operation's output type. */
export function handler<O extends AnyOperation>(definition: TypedHandler<O>): Handler {
  return definition;
}
