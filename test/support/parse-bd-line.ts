import { COMMANDS } from "../../src/cli/commands/index.ts";
import { commandsBelow, unknownCommand } from "../../src/cli/line/find-command.ts";
import { type ParsedLine, parseCommandLine } from "../../src/cli/line/parse-command-line.ts";
import { readLine } from "../../src/cli/line/read-line.ts";
import type { OutputStream, Terminal } from "../../src/cli/terminal.ts";

const NOWHERE: OutputStream = { write: () => {}, drained: async () => {}, isTerminal: false, columns: 80 };
/** A terminal that nobody looks at. */
export const SILENT: Terminal = {
  stdout: NOWHERE,
  stderr: NOWHERE,
  stdinIsTerminal: true,
  stdinStream: async function* () {},
};

/** Hints that are no `bd` line: what else a person may be told to type. */
const OTHER_PROGRAMS =
  /^(?:systemctl --user (?:start|stop|cat) dolt-server$|git (?:config|log|ls-tree -r|ls-remote|push --dry-run|worktree list)(?: |$)|chmod 600 |ls -l |export XDG_RUNTIME_DIR=)/;

/**
 * Parses a line as a shell and `bd` would, without running it: an example of a command's help, or a hint. Every `bd` of
 * a pipe counts. Throws what `bd` would refuse the line with.
 */
export async function parseBdLine(line: string): Promise<void> {
  if (OTHER_PROGRAMS.test(line)) return;
  const calls = bdCalls(line);
  if (calls.length === 0) throw new Error(`"${line}" does not call bd`);
  for (const argv of calls) await parseArguments(argv);
}

/** The arguments of every `bd` in a line of a shell, without redirections. */
export function bdCalls(line: string): string[][] {
  const calls: string[][] = [];
  for (const part of shellWords(line).join("\0").split("\0|\0")) {
    const words = part.split("\0");
    const end = words.indexOf(">");
    const call = bdArguments(words.slice(0, end === -1 ? undefined : end));
    if (call !== undefined) calls.push(call);
  }
  return calls;
}

/** What `bd` gets of the words of a command; undefined where they call something else. */
export function bdArguments(words: readonly string[]): string[] | undefined {
  const rest = words.slice(words[0] === "env" && words[1] === "-u" ? 3 : 0);
  const start = rest.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return rest[start] === "bd" ? rest.slice(start + 1) : undefined;
}

/** As `bd` parses its arguments; undefined where it prints help. Throws what it would refuse them with. */
export async function parseArguments(argv: readonly string[]): Promise<ParsedLine | undefined> {
  const line = await readLine(argv, SILENT);
  if (line.kind === "command") return parseCommandLine(line.command, line.scanned, line.definition);
  const { words, asksForHelp } = line;
  if (words.join(" ") === "dates" && asksForHelp) return undefined;
  if (words.length > 0 && commandsBelow(COMMANDS, words).length === 0) throw unknownCommand(COMMANDS, words);
  if (!asksForHelp) throw new Error(`"bd ${argv.join(" ")}" names no command`);
  return undefined;
}

function shellWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"|\\(.)/g, (_all, single, double, escaped) => single ?? double ?? escaped),
  );
}
