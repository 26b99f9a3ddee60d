import { BdError, UNPRINTABLE } from "../../errors.ts";

export interface CoreIssueType {
  readonly name: string;
  readonly description: string;
}

/** Types of work that people create. */
export const CORE_ISSUE_TYPES: readonly CoreIssueType[] = [
  { name: "bug", description: "Bug report or defect" },
  { name: "feature", description: "New feature or enhancement" },
  { name: "task", description: "General work item (default)" },
  { name: "chore", description: "Maintenance or housekeeping" },
  { name: "epic", description: "Large body of work spanning multiple issues" },
  { name: "decision", description: "Architecture decision record (ADR)" },
  { name: "spike", description: "Timeboxed investigation to reduce uncertainty" },
  { name: "story", description: "User story describing a feature from the user's perspective" },
  { name: "milestone", description: "Marks completion of a set of related issues" },
];

/** What needs no `types.custom`: the core types and those that programs use among themselves. */
const BUILT_IN_ISSUE_TYPES: readonly string[] = [
  ...CORE_ISSUE_TYPES.map(({ name }) => name),
  "message",
  "molecule",
  "gate",
  "event",
];

/** Bookkeeping of agents, hidden in lists unless asked for; the setting `types.infra` replaces it. */
export const DEFAULT_INFRA_TYPES: readonly string[] = ["agent", "rig", "role", "message"];

/** Never ready work by itself, whatever its status. */
export const TYPES_NEVER_READY: readonly string[] = [
  "merge-request",
  "gate",
  "molecule",
  "message",
  "agent",
  "role",
  "rig",
];

export const DEFAULT_ISSUE_TYPE = "task";

/** Width of the column `issues.issue_type`. */
const LONGEST_TYPE = 32;

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["enhancement", "feature"],
  ["feat", "feature"],
  ["dec", "decision"],
  ["adr", "decision"],
  ["investigation", "spike"],
  ["timebox", "spike"],
  ["user-story", "story"],
  ["user_story", "story"],
  ["ms", "milestone"],
]);

const FILTER_ALIASES: ReadonlyMap<string, string> = new Map([...ALIASES, ["mr", "merge-request"], ["mol", "molecule"]]);

/** Reads the settings `types.custom` and `types.infra`: a comma list, in order, without doubles. */
export function parseTypeList(value: string): string[] {
  const names = value.split(",").map((part) => part.trim());
  return [...new Set(names.filter((name) => name !== ""))];
}

/** Whether a type of one's own may be called so. */
export function isTypeName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,31}$/u.test(name) && !UNPRINTABLE.test(name);
}

/**
 * Reads `types.custom` as it stands in a database: another program may have set names that `isTypeName` would not take, but
 * one that nobody can see, or that no issue can hold, is none.
 */
export function readTypeList(value: string): string[] {
  return parseTypeList(value).filter((name) => name.length <= LONGEST_TYPE && !UNPRINTABLE.test(name));
}

export function isKnownIssueType(name: string, custom: readonly string[]): boolean {
  return BUILT_IN_ISSUE_TYPES.includes(name) || custom.includes(name);
}

/** Resolves aliases (`feat`) and checks a type that is to be stored. Throws BdError usage INVALID_ISSUE_TYPE. */
export function parseIssueType(text: string, custom: readonly string[]): string {
  const name = resolveAlias(text, ALIASES, custom);
  if (!isKnownIssueType(name, custom)) throw unknownType(text, custom);
  return name;
}

export function unknownType(text: string, custom: readonly string[]): BdError {
  const known = [...BUILT_IN_ISSUE_TYPES, ...custom];
  const message = `invalid issue type: ${text} (known: ${known.join(", ")}; more by bd config set types.custom)`;
  return new BdError("usage", "INVALID_ISSUE_TYPE", message, { details: { value: text, known } });
}

/** Whether a type may be searched for although no issue has it: those that programs store by themselves, too. */
export function isKnownTypeFilter(name: string, configured: readonly string[]): boolean {
  return isKnownIssueType(name, configured) || TYPES_NEVER_READY.includes(name);
}

/** Resolves aliases in a type that is searched for. */
export function parseIssueTypeFilter(text: string, custom: readonly string[]): string {
  return resolveAlias(text, FILTER_ALIASES, custom);
}

/** A configured type of the same name wins over an alias. */
function resolveAlias(text: string, aliases: ReadonlyMap<string, string>, custom: readonly string[]): string {
  const name = text.trim();
  return custom.includes(name) ? name : (aliases.get(name.toLowerCase()) ?? name);
}
