import { BdError } from "../../errors.ts";

/** What a status means for lists and readiness. `unspecified`: a custom status that names no category. */
export type StatusCategory = "active" | "wip" | "done" | "frozen" | "unspecified";

export interface CustomStatus {
  readonly name: string;
  readonly category: StatusCategory;
}

export interface BuiltInStatus extends CustomStatus {
  readonly icon: string;
  readonly description: string;
}

export const BUILT_IN_STATUSES: readonly BuiltInStatus[] = [
  { name: "open", category: "active", icon: "○", description: "Available to work (default)" },
  { name: "in_progress", category: "wip", icon: "◐", description: "Actively being worked on" },
  { name: "blocked", category: "wip", icon: "●", description: "Blocked by a dependency" },
  { name: "deferred", category: "frozen", icon: "❄", description: "Deliberately put on ice for later" },
  { name: "closed", category: "done", icon: "✓", description: "Completed" },
  { name: "pinned", category: "frozen", icon: "📌", description: "Persistent, stays open indefinitely" },
  { name: "hooked", category: "wip", icon: "◇", description: "Attached to an agent's hook" },
];

const BUILT_IN_BY_NAME: ReadonlyMap<string, BuiltInStatus> = new Map(BUILT_IN_STATUSES.map((s) => [s.name, s]));
const BUILT_IN_NAMES = BUILT_IN_STATUSES.map((status) => status.name).join(", ");
const CUSTOM_STATUS_ICON = "◇";

const MAX_CUSTOM_STATUSES = 50;
/** Width of the column `issues.status`. */
const MAX_STATUS_LENGTH = 32;
const CUSTOM_CATEGORIES: ReadonlyMap<string, StatusCategory> = new Map([
  ["active", "active"],
  ["wip", "wip"],
  ["done", "done"],
  ["frozen", "frozen"],
]);

/**
 * Reads the setting `status.custom` (`name[:category],…`) as a person wrote it.
 * Throws BdError usage INVALID_CUSTOM_STATUS at the first bad entry.
 */
export function parseCustomStatuses(value: string): CustomStatus[] {
  const { statuses, problems } = readCustomStatuses(value);
  const problem = problems[0];
  if (problem !== undefined) {
    throw new BdError("usage", "INVALID_CUSTOM_STATUS", problem);
  }
  return statuses;
}

/**
 * Reads `status.custom` as it stands in a database: keeps what is good and names what is not, because a setting that
 * another program wrote must not stop a read.
 */
export function readCustomStatuses(value: string): { statuses: CustomStatus[]; problems: string[] } {
  const statuses = new Map<string, CustomStatus>();
  const problems: string[] = [];
  for (const part of value.split(",")) {
    const entry = part.trim();
    if (entry === "") continue;
    const status = customStatusFrom(entry);
    if (typeof status === "string") problems.push(status);
    else if (statuses.has(status.name)) problems.push(`duplicate custom status name ${JSON.stringify(status.name)}`);
    else statuses.set(status.name, status);
  }
  if (statuses.size > MAX_CUSTOM_STATUSES) {
    problems.push(`too many custom statuses (${statuses.size}): maximum is ${MAX_CUSTOM_STATUSES}`);
  }
  return { statuses: [...statuses.values()], problems };
}

/** The status, or the sentence that says what is wrong with the entry. */
function customStatusFrom(entry: string): CustomStatus | string {
  const colon = entry.indexOf(":");
  const name = colon === -1 ? entry : entry.slice(0, colon);
  let category: StatusCategory | undefined = "unspecified";
  if (colon !== -1) {
    const word = entry.slice(colon + 1);
    if (word === "") return `invalid custom status ${JSON.stringify(entry)}: trailing colon with empty category`;
    category = CUSTOM_CATEGORIES.get(word);
    if (category === undefined) {
      return `invalid category ${JSON.stringify(word)} for status ${JSON.stringify(name)}: must be one of active, wip, done, frozen`;
    }
  }
  if (!/^[a-z][a-z0-9_-]*$/.test(name)) {
    return `invalid status name ${JSON.stringify(name)}: must match [a-z][a-z0-9_-]* (lowercase, letter-first, no spaces)`;
  }
  if (name.length > MAX_STATUS_LENGTH) {
    return `status name ${JSON.stringify(name)} is ${name.length} characters, over the limit of ${MAX_STATUS_LENGTH}`;
  }
  if (BUILT_IN_BY_NAME.has(name)) return `custom status ${JSON.stringify(name)} collides with built-in status`;
  return { name, category };
}

export function isKnownStatus(name: string, custom: readonly CustomStatus[]): boolean {
  return BUILT_IN_BY_NAME.has(name) || custom.some((status) => status.name === name);
}

/** A status that nobody configured counts as `unspecified`: visible, and active. */
export function statusCategory(name: string, custom: readonly CustomStatus[]): StatusCategory {
  const known = BUILT_IN_BY_NAME.get(name) ?? custom.find((status) => status.name === name);
  return known?.category ?? "unspecified";
}

/** Finished work: `closed`, or a custom status of category done. */
export function isDoneStatus(name: string, custom: readonly CustomStatus[]): boolean {
  return statusCategory(name, custom) === "done";
}

/**
 * Whether an issue with this status can block and be blocked. Deferred and custom frozen work still blocks what waits
 * for it; only finished work and pinned notes do not.
 */
export function isActiveStatus(name: string, custom: readonly CustomStatus[]): boolean {
  return name !== "pinned" && !isDoneStatus(name, custom);
}

export function statusIcon(name: string): string {
  return BUILT_IN_BY_NAME.get(name)?.icon ?? CUSTOM_STATUS_ICON;
}

/** Checks a status that is to be stored. Throws BdError usage INVALID_STATUS. */
export function parseStatus(text: string, custom: readonly CustomStatus[]): string {
  const known =
    custom.length === 0
      ? `built-in: ${BUILT_IN_NAMES}; or configure custom statuses via 'bd config set status.custom'`
      : `built-in: ${BUILT_IN_NAMES}; custom: ${custom.map((status) => status.name).join(", ")}`;
  return knownStatus(text, custom, known);
}

/** Checks a status that is searched for. Throws BdError usage INVALID_STATUS. */
export function parseStatusFilter(text: string, custom: readonly CustomStatus[]): string {
  const names = [BUILT_IN_NAMES, ...custom.map((status) => status.name)].join(", ");
  return knownStatus(text, custom, `valid: ${names}`);
}

function knownStatus(text: string, custom: readonly CustomStatus[], known: string): string {
  const name = text.trim();
  if (!isKnownStatus(name, custom)) {
    throw new BdError("usage", "INVALID_STATUS", `invalid status ${JSON.stringify(text)} (${known})`, {
      details: { value: text },
    });
  }
  return name;
}
