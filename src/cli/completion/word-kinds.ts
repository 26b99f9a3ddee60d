import type { Argument, Option } from "commander";
import { WELL_KNOWN_DEPENDENCY_TYPES } from "../../core/dependency/dependency-type.ts";
import { CORE_ISSUE_TYPES } from "../../core/issue/issue-type.ts";
import { BUILT_IN_STATUSES } from "../../core/issue/status.ts";
import type { CommandGroup } from "../command.ts";
import { ID_ARGUMENTS, ID_FLAGS } from "../line/parse-command-line.ts";
import { type Candidate, FILES } from "./candidate.ts";

/** What may stand at a place of the line. */
export interface Place {
  readonly candidates: readonly Candidate[];
  /** What of the database, besides. */
  readonly asks?: "issues" | "deleted" | "statuses" | "types";
  /** What parts several, where several may stand there. */
  readonly parting?: RegExp | undefined;
}

const PRIORITIES = ["critical", "high", "medium", "low", "some day"].map((meaning, level) => ({
  word: `P${level}`,
  meaning,
}));
const COMMA = /,/g;
const FILE = /<(?:file|dir|folder|path)>|\[(?:file|dir|folder|path)\]/;

/** What may stand behind a flag. */
export function placeOfFlag({ long = "", flags, argChoices }: Option, group: CommandGroup): Place | undefined {
  const parting = /<\w+s>/.test(flags) ? COMMA : undefined;
  if (argChoices !== undefined) return { candidates: chosen(argChoices) };
  if (ID_FLAGS.has(long) && long !== "--session")
    return { candidates: [], asks: "issues", parting: long === "--id" ? COMMA : undefined };
  if (long === "--deps") return { candidates: [], asks: "issues", parting: /[,:]/g };
  if (long === "--status") return { candidates: statuses(), asks: "statuses", parting };
  if (/^--(?:exclude-)?type$/.test(long)) {
    if (group === "dependencies") return { candidates: chosen(WELL_KNOWN_DEPENDENCY_TYPES) };
    return { candidates: types(), asks: "types", parting };
  }
  if (long.startsWith("--priority")) return { candidates: PRIORITIES, parting };
  return FILE.test(flags) ? { candidates: [FILES] } : undefined;
}

export function placeOfArgument(argument: Argument): Place | undefined {
  const name = argument.name();
  if (argument.argChoices !== undefined) return { candidates: chosen(argument.argChoices) };
  if (name === "deleted-ids") return { candidates: [], asks: "deleted" };
  if (ID_ARGUMENTS.has(name)) return { candidates: [], asks: "issues" };
  if (name === "level") return { candidates: PRIORITIES };
  return /^(?:files?|dir|folder|path)$/.test(name) ? { candidates: [FILES] } : undefined;
}

function chosen(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, meaning: "" }));
}

function statuses(): Candidate[] {
  return BUILT_IN_STATUSES.map(({ name, description }) => ({ word: name, meaning: description }));
}

function types(): Candidate[] {
  return CORE_ISSUE_TYPES.map(({ name, description }) => ({ word: name, meaning: description }));
}
