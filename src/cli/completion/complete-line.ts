import { Option } from "commander";
import type { CommandEntry } from "../command.ts";
import { COMMANDS } from "../commands/index.ts";
import { commandsBelow, findCommand } from "../line/find-command.ts";
import { globalOptions } from "../line/global-flags.ts";
import { buildCommand } from "../line/parse-command-line.ts";
import { scanFlags, takesValue } from "../line/scan-flags.ts";
import type { Terminal } from "../terminal.ts";
import type { Candidate } from "./candidate.ts";
import { type Place, placeOfArgument, placeOfFlag } from "./word-kinds.ts";

/** What is asked for at the cursor. */
export interface Asked {
  /** Begins each candidate: `--status=`, or what stands before the last comma. */
  readonly before: string;
  /** What is typed of it. */
  readonly typed: string;
  /** Words that are known without a look into the database. */
  readonly candidates: readonly Candidate[];
  /** What else may stand there. */
  readonly place: Place | undefined;
}

/** Reads the words up to the cursor, of which the last is the one to complete; it may be empty. */
export async function askedAt(words: readonly string[], terminal: Terminal): Promise<Asked> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const global = [...globalOptions(), new Option("-h, --help", "show this help")];
  const operands = scanFlags(before, global).operands.filter(({ literal }) => !literal);
  const found = findCommand(
    COMMANDS,
    operands.map(({ text }) => text),
  );
  const path = operands.slice(0, found?.used ?? operands.length).map(({ text }) => text);
  const isNext = path.length === operands.length;
  const below = isNext && !typed.startsWith("-") ? nextWords(path) : [];
  if (found === undefined) {
    const flags = typed.startsWith("-") ? global.flatMap(flagCandidate) : [];
    return { before: "", typed, candidates: [...below, ...flags], place: undefined };
  }
  const used = new Set(operands.slice(0, found.used).map(({ at }) => at));
  const rest = before.filter((_word, at) => !used.has(at));
  const asked = await askedOf(found.entry, { rest, typed }, terminal);
  return { ...asked, candidates: [...below, ...asked.candidates] };
}

async function askedOf(
  entry: CommandEntry,
  { rest, typed }: { readonly rest: readonly string[]; readonly typed: string },
  terminal: Terminal,
): Promise<Asked> {
  const command = buildCommand(entry, await entry.load(), terminal);
  const options = [...command.options, new Option("-h, --help", "show this help")];
  const { operands, fault } = scanFlags(rest, options);
  const group = entry.group;
  const last = rest.at(-1) ?? "";
  // A flag that waits for its value is the only fault of that kind that words before the cursor can have.
  const waiting = fault?.endsWith("argument missing")
    ? options.find(({ long, short }) => [long, short].includes(last))
    : undefined;
  if (waiting !== undefined) return value("", typed, placeOfFlag(waiting, group));
  const [, name = "", rawValue] = /^(--[\w-]+)=(.*)$/s.exec(typed) ?? [];
  if (rawValue !== undefined) {
    const option = options.find(({ long }) => long === name);
    if (option !== undefined && takesValue(option)) return value(`${name}=`, rawValue, placeOfFlag(option, group));
  }
  if (typed.startsWith("-") && !rest.includes("--")) {
    return { before: "", typed, candidates: options.flatMap(flagCandidate), place: undefined };
  }
  const declared = command.registeredArguments;
  const argument = declared[operands.length] ?? declared.findLast(({ variadic }) => variadic);
  return value("", typed, argument === undefined ? undefined : placeOfArgument(argument));
}

/** Of a list the last part is asked for. */
function value(before: string, typed: string, place: Place | undefined): Asked {
  const last = place?.parting === undefined ? undefined : [...typed.matchAll(place.parting)].at(-1);
  const start = last === undefined ? 0 : last.index + 1;
  return {
    before: before + typed.slice(0, start),
    typed: typed.slice(start),
    candidates: place?.candidates ?? [],
    place,
  };
}

function nextWords(path: readonly string[]): Candidate[] {
  const next = new Map<string, string>();
  for (const { words, aliases = [], summary } of commandsBelow(COMMANDS, path)) {
    const word = words[path.length] ?? "";
    const isWhole = words.length === path.length + 1;
    if (isWhole || !next.has(word)) next.set(word, isWhole ? summary : `${[...path, word].join(" ")} …`);
    if (isWhole) for (const alias of aliases) next.set(alias, summary);
  }
  return [...next].map(([word, meaning]) => ({ word, meaning }));
}

function flagCandidate({ long, hidden, description }: Option): Candidate[] {
  return long === undefined || hidden ? [] : [{ word: long, meaning: description }];
}
