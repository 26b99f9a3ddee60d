import type { CommandEntry, CommandGroup } from "./command.ts";
import type { OutputStream } from "./terminal.ts";

const GROUP_TITLES: Readonly<Record<CommandGroup, string>> = {
  issues: "Work with issues",
  views: "Find and look",
  dependencies: "Dependencies",
  data: "Import, export, configuration",
  setup: "Workspace and database",
  remotes: "Push and pull",
  server: "Server and database",
};

/** `bd --help`: every command with one line each, under headings. */
export function rootHelp(commands: readonly CommandEntry[], stream: OutputStream): string {
  const width = nameWidth(commands);
  const sections = groups(commands).map(
    ([group, entries]) =>
      `${GROUP_TITLES[group]}:\n${entries.map((entry) => helpLine(entry, width, stream)).join("\n")}`,
  );
  return `${[
    "bd: an issue tracker for people and their coding agents, on a shared Dolt server\n\nUsage: bd <command> [arguments] [options]",
    ...sections,
    'Start here:\n  bd init      make a tracker for this folder\n  bd create "Fix login" -p 1\n  bd ready     what can be worked on now\n\nbd <command> --help shows arguments, options and examples.\nbd help dates shows how times are written.',
  ].join("\n\n")}\n`;
}

/** `bd dep --help`: the commands of one group of words. */
export function groupHelp(words: readonly string[], entries: readonly CommandEntry[], stream: OutputStream): string {
  const width = nameWidth(entries);
  const lines = entries.map((entry) => helpLine(entry, width, stream));
  return `Usage: bd ${words.join(" ")} <command> [arguments] [options]\n\nCommands:\n${lines.join("\n")}\n\nbd ${words.join(" ")} <command> --help shows more.\n`;
}

function groups(commands: readonly CommandEntry[]): (readonly [CommandGroup, CommandEntry[]])[] {
  const byGroup = new Map<CommandGroup, CommandEntry[]>();
  for (const entry of commands) byGroup.set(entry.group, [...(byGroup.get(entry.group) ?? []), entry]);
  return [...byGroup];
}

function nameWidth(entries: readonly CommandEntry[]): number {
  return Math.max(...entries.map((entry) => nameOf(entry).length));
}

function nameOf({ words, aliases = [] }: CommandEntry): string {
  return [words.join(" "), ...aliases].join(", ");
}

function helpLine(entry: CommandEntry, width: number, stream: OutputStream): string {
  const line = `  ${nameOf(entry).padEnd(width)}  ${entry.summary}`;
  return line.length > stream.columns ? `  ${nameOf(entry)}\n      ${entry.summary}` : line;
}
