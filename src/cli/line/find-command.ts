import { closest, distance } from "fastest-levenshtein";
import { BdError } from "../../errors.ts";
import type { CommandEntry } from "../command.ts";
import { helpHint } from "../report-error.ts";
import { foreignWord } from "./foreign-words.ts";

/** The command whose words (or alias) the line starts with, the longest first; `used` is how many words that took. */
export function findCommand(
  commands: readonly CommandEntry[],
  words: readonly string[],
): { entry: CommandEntry; used: number } | undefined {
  for (const length of [3, 2, 1]) {
    const typed = words.slice(0, length);
    if (typed.length < length) continue;
    const entry =
      commands.find((candidate) => isCalled(candidate, typed)) ??
      commands.find((candidate) => isCalled(candidate, singular(typed)));
    if (entry !== undefined) return { entry, used: length };
  }
  return undefined;
}

/** Groups as people call them: `bd labels add`. */
const PLURALS: Readonly<Record<string, string>> = {
  labels: "label",
  comments: "comment",
  deps: "dep",
  dependencies: "dep",
  epics: "epic",
  configs: "config",
  states: "state",
};

function singular([first = "", ...others]: readonly string[]): readonly string[] {
  return [Object.hasOwn(PLURALS, first) ? (PLURALS[first] ?? first) : first, ...others];
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

/** The longest beginning of the words that has commands below it: `dolt remote` of `dolt remote nonsense`. */
export function groupOf(commands: readonly CommandEntry[], words: readonly string[]): readonly string[] {
  const lengths = [2, 1].filter((length) => length <= words.length);
  const found = lengths.find((length) => commandsBelow(commands, words.slice(0, length)).length > 0);
  return words.slice(0, found ?? 0);
}

/** The word is unknown: what does it here, where it comes from another program, else which one is nearest, as `git` would say. */
export function unknownCommand(commands: readonly CommandEntry[], words: readonly string[]): BdError {
  const foreign = foreignWord(words);
  if (foreign !== undefined) {
    const own = findCommand(commands, foreign.line.split(" "))?.entry.words ?? [];
    const message = `unknown command "${foreign.typed}"; here it is: bd ${foreign.line}`;
    return new BdError("usage", "UNKNOWN_COMMAND", message, { hint: helpHint(["bd", ...own].join(" ")) });
  }
  const group = words.length > 1 ? groupOf(commands, words.slice(0, -1)) : [];
  const typed = words.slice(0, group.length + 1).join(" ");
  const near = nearestTo(words[group.length] ?? "", namesBelow(commands, group));
  const nearest = near === undefined ? undefined : [...group, near].join(" ");
  return new BdError(
    "usage",
    "UNKNOWN_COMMAND",
    `unknown command "${typed}"${nearest ? `; did you mean "${nearest}"?` : ""}`,
    {
      hint: helpHint(nearest ? `bd ${nearest}` : "bd"),
    },
  );
}

/** What may follow the words of a group; of deeper groups, their own word. */
function namesBelow(commands: readonly CommandEntry[], group: readonly string[]): string[] {
  return commandsBelow(commands, group).flatMap(({ words, aliases = [] }) => {
    const word = words[group.length] ?? "";
    return words.length === group.length + 1 ? [word, ...aliases] : [word];
  });
}

/**
 * The nearest name, if it is near enough to be a slip of the fingers: one in three letters, or two swapped. A wrong guess
 * is worse than none.
 */
function nearestTo(typed: string, names: readonly string[]): string | undefined {
  const swapped = names.find((name) => isSwapped(typed, name));
  if (swapped !== undefined) return swapped;
  const nearest = closest(typed, names);
  const slips = Math.floor(Math.max(typed.length, 3) / 3);
  return distance(typed, nearest) <= slips && typed.length > slips ? nearest : undefined;
}

/** Whether two letters beside one another changed places. */
function isSwapped(typed: string, name: string): boolean {
  const swaps = Array.from({ length: name.length - 1 }, (_, at) => {
    return `${name.slice(0, at)}${name.charAt(at + 1)}${name.charAt(at)}${name.slice(at + 2)}`;
  });
  return typed !== name && swaps.includes(typed);
}
