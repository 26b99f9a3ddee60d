import { closest, distance } from "fastest-levenshtein";
import { BdError } from "../errors.ts";
import type { CommandEntry } from "./command.ts";

/** The command whose words (or alias) the line starts with, the longest first; `used` is how many words that took. */
export function findCommand(
  commands: readonly CommandEntry[],
  words: readonly string[],
): { entry: CommandEntry; used: number } | undefined {
  for (const length of [2, 1]) {
    const typed = words.slice(0, length);
    if (typed.length < length) continue;
    const entry = commands.find((candidate) => isCalled(candidate, typed));
    if (entry !== undefined) return { entry, used: length };
  }
  return undefined;
}

function isCalled({ words, aliases = [] }: CommandEntry, typed: readonly string[]): boolean {
  if (words.length !== typed.length) return false;
  const last = words.length - 1;
  const same = words.slice(0, last).every((word, index) => word === typed[index]);
  return same && [words[last], ...aliases].includes(typed[last]);
}

/** Commands that start with these words: what a group's own help shows. */
export function commandsBelow(commands: readonly CommandEntry[], words: readonly string[]): readonly CommandEntry[] {
  return commands.filter(
    (entry) => entry.words.length > words.length && words.every((word, index) => entry.words[index] === word),
  );
}

/** Throws what `git` would say: the word is unknown, and which one is nearest. */
export function unknownCommand(commands: readonly CommandEntry[], words: readonly string[]): BdError {
  const [first = "", second] = words;
  const inGroup = second !== undefined && commandsBelow(commands, [first]).length > 0;
  const typed = inGroup ? `${first} ${second}` : first;
  const names = commands.flatMap((entry) => [
    entry.words.join(" "),
    ...(entry.aliases ?? []).map((alias) => [...entry.words.slice(0, -1), alias].join(" ")),
  ]);
  const nearest = nearestTo(typed, names);
  return new BdError(
    "usage",
    "UNKNOWN_COMMAND",
    `unknown command "${typed}"${nearest ? `; did you mean "${nearest}"?` : ""}`,
    {
      hint: nearest ? `bd ${nearest} --help` : "bd --help",
    },
  );
}

/** The nearest name, if it is near enough to be a slip of the fingers. */
function nearestTo(typed: string, names: readonly string[]): string | undefined {
  const nearest = closest(typed, names);
  return distance(typed, nearest) <= Math.max(2, Math.floor(typed.length / 3)) ? nearest : undefined;
}
