import { Option } from "commander";
import type { ScannedLine } from "./scan-flags.ts";

/** What every command takes, before or after its name. */
export interface GlobalFlags {
  /** Undefined where the line does not say it. */
  readonly json: boolean | undefined;
  readonly directory: string | undefined;
  readonly db: string | undefined;
  readonly actor: string | undefined;
  readonly readonly: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

const GLOBAL_FLAGS = [
  ["--json", "print JSON"],
  ["-C, --directory <dir>", "run as if started in that folder"],
  ["--db <name>", "use that database of the server"],
  ["--actor <name>", "act under that name"],
  ["--readonly", "refuse to change anything"],
  ["-q, --quiet", "print errors and results only"],
  ["-v, --verbose", "say more on standard error"],
] as const;

/** Flags of the peer that are accepted everywhere and change nothing here. */
const ACCEPTED_FLAGS: readonly string[] = ["--sandbox", "--profile"];

/** For the grammar of one command, or of a line whose command is not known yet. */
export function globalOptions(): Option[] {
  return [
    ...GLOBAL_FLAGS.map(([flags, summary]) => new Option(flags, summary)),
    ...ACCEPTED_FLAGS.map((flags) => new Option(flags).hideHelp()),
  ];
}

/** What a line says by them; the last word counts. */
export function globalFlags({ given }: Pick<ScannedLine, "given">): GlobalFlags {
  const valueOf = (long: string) => given.findLast(({ option }) => option.long === long)?.value;
  const textOf = (long: string) => {
    const value = valueOf(long);
    return typeof value === "string" ? value : undefined;
  };
  const json = valueOf("--json");
  return {
    json: typeof json === "boolean" ? json : undefined,
    directory: textOf("--directory"),
    db: textOf("--db"),
    actor: textOf("--actor"),
    readonly: valueOf("--readonly") === true,
    quiet: valueOf("--quiet") === true,
    verbose: valueOf("--verbose") === true,
  };
}
