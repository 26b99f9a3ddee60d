import { BdError } from "../../errors.ts";
import { BUILT_IN_STATUSES, type CustomStatus, isKnownStatus, statusCategory } from "../issue/status.ts";

/** Words of an application's tasks, each with the status that it is here: the first for new tasks, the last for finished ones. */
export type StatusPairs = readonly (readonly [word: string, status: string])[];

/** How a status here and an application's word for it go together. */
export interface StatusMap {
  /** The status for a word; undefined where nobody knows the word. */
  statusOf(word: string): string | undefined;
  wordOf(status: string): string;
  /** Whether a task's word and an issue's status say the same, as far as the application has words. */
  agree(word: string, status: string): boolean;
  /** The words for new tasks, and for finished ones. */
  readonly first: string;
  readonly last: string;
}

const IN_PROGRESS = "in_progress";
const MOST_PAIRS = 50;

/** Reads `todo=open,in-progress=in_progress,…`. Throws BdError usage STATUS_MAP_INVALID. */
export function parseStatusPairs(text: string): StatusPairs {
  const pairs = text.split(",").map((part) =>
    part
      .trim()
      .split("=", 2)
      .map((side) => side.trim()),
  );
  const read = pairs.map(([word = "", status = ""]) => [word, status] as const);
  const problem = problemWith(read);
  if (problem !== undefined) throw new BdError("usage", "STATUS_MAP_INVALID", problem, { details: { value: text } });
  return read;
}

function problemWith(pairs: StatusPairs): string | undefined {
  const bad = pairs.find(([word, status]) => !/^[\w-]{1,64}$/.test(word) || !/^[a-z][a-z0-9_-]{0,31}$/.test(status));
  if (bad !== undefined) return `${JSON.stringify(bad.join("="))} is no WORD=STATUS, such as todo=open`;
  const words = new Set(pairs.map(([word]) => word));
  if (words.size < pairs.length) return "a word stands for one status";
  if (pairs.length > MOST_PAIRS) return `${MOST_PAIRS} words are the most`;
  if (pairs[0]?.[1] !== "open" || pairs.at(-1)?.[1] !== "closed")
    return "the first word stands for open, the last for closed";
  return undefined;
}

/** `custom`: the statuses of the project. A status that it does not have is `in_progress` here. */
export function statusMap(pairs: StatusPairs, custom: readonly CustomStatus[]): StatusMap {
  const [first = "", last = ""] = [pairs[0]?.[0], pairs.at(-1)?.[0]];
  const statusOf = (word: string) => {
    const status = pairs.find(([one]) => one === word)?.[1];
    return status === undefined || isKnownStatus(status, custom) ? status : IN_PROGRESS;
  };
  const wordFor = (status: string) => pairs.find(([, one]) => one === status)?.[0];
  const wordOf = (status: string) => {
    const category = statusCategory(status, custom);
    const isBuiltIn = BUILT_IN_STATUSES.some(({ name }) => name === status);
    // Work that waits is not being worked on, whatever its category says.
    const isWorkedOn = status === "hooked" || (category === "wip" && !isBuiltIn);
    return wordFor(status) ?? (category === "done" ? last : isWorkedOn ? (wordFor(IN_PROGRESS) ?? first) : first);
  };
  return {
    statusOf,
    wordOf,
    agree: (word, status) => statusOf(word) === status || wordOf(status) === word,
    first,
    last,
  };
}
