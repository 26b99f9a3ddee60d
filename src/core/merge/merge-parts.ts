import { isMetadata } from "../json/metadata-json.ts";
import type { Side } from "./cell.ts";

/** Named parts of one cell. Values are texts, taken over letter by letter. */
export type Parts = ReadonlyMap<string, string>;

interface PartsContest {
  readonly base: Parts;
  readonly ours: Parts;
  readonly theirs: Parts;
  /** Decides a key to which both sides gave another value. */
  readonly pick: (key: string, ours: string, theirs: string) => Side;
}

/** Unites key by key. A removal stands, also against a change: else the order in which people merge would show. */
export function uniteParts({ base, ours, theirs, pick }: PartsContest): Map<string, string> {
  const added = [...new Set([...ours.keys(), ...theirs.keys()])].filter((key) => !base.has(key));
  const united = new Map<string, string>();
  for (const key of [...base.keys(), ...added.toSorted()]) {
    const value = unitedValue(key, { before: base.get(key), mine: ours.get(key), other: theirs.get(key), pick });
    if (value !== undefined) united.set(key, value);
  }
  return united;
}

interface ContestedValue {
  readonly before: string | undefined;
  readonly mine: string | undefined;
  readonly other: string | undefined;
  readonly pick: PartsContest["pick"];
}

function unitedValue(key: string, { before, mine, other, pick }: ContestedValue): string | undefined {
  if (mine === other || other === before) return mine;
  if (mine === before) return other;
  // Added by one side alone, or removed by one of them.
  if (mine === undefined || other === undefined) return before === undefined ? (mine ?? other) : undefined;
  return pick(key, mine, other) === "ours" ? mine : other;
}

/**
 * The members of a JSON object with their values as they are written, because parsing would round large numbers.
 * NULL has none. Undefined for anything else that is no object.
 */
export function jsonMembers(cell: unknown): Parts | undefined {
  if (cell === null || cell === undefined) return new Map();
  return typeof cell === "string" && isObjectText(cell) ? topLevelMembers(cell) : undefined;
}

export function printMembers(members: Parts): string {
  const sorted = [...members].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}

/** The entries of a comma list by name: of `review:wip` that is `review`. */
export function listEntries(cell: unknown): Parts {
  const entries = typeof cell === "string" ? cell.split(",").map((entry) => entry.trim()) : [];
  return new Map(entries.filter((entry) => entry !== "").map((entry) => [entry.split(":", 1)[0] ?? "", entry]));
}

export function printEntries(entries: Parts): string {
  return [...entries.values()].join(",");
}

function isObjectText(text: string): boolean {
  try {
    return isMetadata(JSON.parse(text));
  } catch {
    return false;
  }
}

const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** Of a text that is known to be a JSON object. */
function topLevelMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let depth = 0;
  let key: string | undefined;
  let valueAt = 0;
  for (const { 0: token, index } of text.matchAll(JSON_TOKEN)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    else if (depth === 1 && token === ":") valueAt = index + 1;
    else if (depth === 1 && token !== "," && key === undefined) key = String(JSON.parse(token));
    const ends = (depth === 1 && token === ",") || (depth === 0 && token === "}");
    if (!ends || key === undefined) continue;
    members.set(key, text.slice(valueAt, index).trim());
    key = undefined;
  }
  return members;
}
