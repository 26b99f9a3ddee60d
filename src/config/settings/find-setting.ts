import { text } from "./setting-kinds.ts";
import { PEER_SETTINGS, SETTINGS, type Setting } from "./setting-table.ts";

/** A row with the key that was asked for. */
export interface FoundSetting extends Setting {
  readonly key: string;
}

const SECRET_NAME = /(?:^|[._-])(?:password|passwd|secret|token|api[_-]?key|private[_-]?key|credential)s?$/i;

const KEPT = { holds: text, summary: "Kept for the Go program; not used here" } as const;
const OF_THE_PROJECT = { ...KEPT, home: "project", trust: "project" } as const;
const OF_THE_DATABASE = { ...KEPT, home: "database", trust: "database" } as const;

/** Every row by its key; that of a family ends in `*`. */
export const ALL_SETTINGS: ReadonlyMap<string, FoundSetting> = new Map(
  [
    ...Object.entries<Setting>(SETTINGS),
    ...PEER_SETTINGS.project.map((key) => [key, OF_THE_PROJECT] as const),
    ...PEER_SETTINGS.database.map((key) => [key, OF_THE_DATABASE] as const),
  ].map(([key, row]) => [key, { ...row, key }]),
);

const FAMILIES = [...ALL_SETTINGS.keys()].filter((key) => key.endsWith("*")).map((key) => key.slice(0, -1));

/** The first words of dotted keys, with their dot. */
const SECTIONS: ReadonlySet<string> = new Set(
  [...ALL_SETTINGS.keys()].map(sectionOf).filter((section) => section !== ""),
);

function sectionOf(key: string): string {
  return key.slice(0, key.indexOf(".") + 1);
}

function secretRow(key: string): FoundSetting {
  return { key, home: "person", trust: "person", holds: text, summary: "A secret of yours", secret: true };
}

/** The spelling under which a key is known: the peer writes `issue-prefix` in yaml and `issue_prefix` elsewhere. */
export function canonicalKey(key: string): string {
  return key === "issue-prefix" ? "issue_prefix" : key;
}

/** What is known of a key, `undefined` for an unknown one. Keys of a section that sound like secrets are secrets. */
export function findSetting(key: string): FoundSetting | undefined {
  const name = canonicalKey(key);
  const exact = ALL_SETTINGS.get(name);
  if (exact !== undefined) return exact;
  if (isSecret(name) && SECTIONS.has(sectionOf(name))) return secretRow(name);
  const family = FAMILIES.find((start) => name.startsWith(start) && name.length > start.length);
  const row = family === undefined ? undefined : ALL_SETTINGS.get(`${family}*`);
  return row && { ...row, key: name };
}

/** The row of a key, known or not. What nobody knows lies where its section does, else in the database. */
export function settingFor(key: string): FoundSetting {
  const found = findSetting(key);
  if (found !== undefined) return found;
  const name = canonicalKey(key);
  if (isSecret(name)) return secretRow(name);
  const section = sectionOf(name);
  const isOfFile = section !== "" && PEER_SETTINGS.project.some((known) => known.startsWith(section));
  return { ...(isOfFile ? OF_THE_PROJECT : OF_THE_DATABASE), summary: "Not a setting", key: name };
}

/** True for a key whose value is never printed, and never put into the database or a file that git tracks. */
export function isSecret(key: string): boolean {
  return ALL_SETTINGS.get(key)?.secret === true || (SECRET_NAME.test(key) && !key.startsWith("kv."));
}

/** The variables that count for a key, in their order. The database's keys have none: they are the same for everybody. */
export function environmentNamesOf({ key, home, env = [], fixed }: FoundSetting): string[] {
  if (home === "database" || home === "git" || fixed !== undefined) return [...env];
  return [...new Set([...env, `BD_${key.toUpperCase().replace(/[.-]/g, "_")}`])];
}

/** True for the first part of keys that we act on, such as `dolt`: it can't have a value itself. */
export function isSection(name: string): boolean {
  return !ALL_SETTINGS.has(name) && Object.keys(SETTINGS).some((key) => key.startsWith(`${name}.`));
}
