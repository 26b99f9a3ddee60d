import type { Command } from "commander";

/** What every command takes, before or after its name. */
export interface GlobalFlags {
  json: boolean;
  directory: string | undefined;
  db: string | undefined;
  actor: string | undefined;
  readonly: boolean;
  quiet: boolean;
  verbose: boolean;
}

interface GlobalFlag {
  readonly flags: string;
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly summary: string;
}

const GLOBAL_FLAGS: readonly GlobalFlag[] = [
  { flags: "--json", names: ["--json"], takesValue: false, summary: "print JSON" },
  {
    flags: "-C, --directory <dir>",
    names: ["-C", "--directory"],
    takesValue: true,
    summary: "run as if started in that folder",
  },
  { flags: "--db <name>", names: ["--db"], takesValue: true, summary: "use that database of the server" },
  { flags: "--actor <name>", names: ["--actor"], takesValue: true, summary: "act under that name" },
  { flags: "--readonly", names: ["--readonly"], takesValue: false, summary: "refuse to change anything" },
  { flags: "-q, --quiet", names: ["-q", "--quiet"], takesValue: false, summary: "print errors and results only" },
  { flags: "-v, --verbose", names: ["-v", "--verbose"], takesValue: false, summary: "say more on standard error" },
];

/** Flags of the peer that are accepted everywhere and change nothing here. */
const ACCEPTED_FLAGS: readonly string[] = ["--sandbox", "--profile"];

/** A command line in three parts: flags before the command, its words up to the next flag, and all the rest. */
export interface SplitLine {
  readonly leading: readonly string[];
  readonly words: readonly string[];
  readonly rest: readonly string[];
}

/** Splits a command line at its command: global flags may stand before it. */
export function splitAtCommand(argv: readonly string[]): SplitLine {
  let start = 0;
  while (start < argv.length && argv[start]?.startsWith("-")) {
    const takesValue = GLOBAL_FLAGS.some((flag) => flag.takesValue && flag.names.includes(argv[start] ?? ""));
    start += takesValue ? 2 : 1;
  }
  const after = argv.slice(start);
  const end = after.findIndex((argument) => argument.startsWith("-"));
  const words = end === -1 ? after : after.slice(0, end);
  return { leading: argv.slice(0, start), words, rest: after.slice(words.length) };
}

/** The folder of `-C`, before the command line is parsed, or where it can't be. */
export function directoryIn(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((argument) => argument === "-C" || argument === "--directory");
  return at === -1 ? argv.find((argument) => argument.startsWith("--directory="))?.slice(12) : argv[at + 1];
}

export function addGlobalFlags(command: Command): void {
  command.optionsGroup("Global options:");
  for (const { flags, summary } of GLOBAL_FLAGS) command.option(flags, summary);
  for (const flags of ACCEPTED_FLAGS) command.addOption(command.createOption(flags).hideHelp());
}

export function globalFlags(values: Readonly<Record<string, unknown>>): GlobalFlags {
  const textOf = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  return {
    json: values["json"] === true,
    directory: textOf("directory"),
    db: textOf("db"),
    actor: textOf("actor"),
    readonly: values["readonly"] === true,
    quiet: values["quiet"] === true,
    verbose: values["verbose"] === true,
  };
}
