import { BdError, command } from "../../errors.ts";
import { environmentValue } from "../process-view.ts";
import { ALL_SETTINGS, environmentNamesOf, type FoundSetting } from "./find-setting.ts";
import type { SettingSources } from "./setting-files.ts";
import { SETTINGS, type Setting, type SettingKey, type SettingValue } from "./setting-table.ts";

/** Who says it, in the order of precedence. */
const PRECEDENCE = [
  "flag",
  "environment",
  "credentials",
  "metadata",
  "project",
  "person",
  "database",
  "default",
] as const;
type Speaker = (typeof PRECEDENCE)[number];

/** One value that a source gives for a key. */
export interface SettingWord {
  readonly speaker: Speaker;
  /** For people: `--db`, `BEADS_DOLT_SERVER_PORT`, `/path/config.yaml, line 3`. */
  readonly source: string;
  readonly value: string;
}

/** Which of all words about a key counts. */
export interface Decision {
  readonly winner: SettingWord | undefined;
  /** All others, each with the reason why it does not count. */
  readonly others: readonly (SettingWord & { readonly why: string })[];
}

/** What somebody's files say about a key that is not theirs to say. */
interface Unheard extends SettingWord {
  readonly why: string;
}

/** Whether a word is the person's own: typed, set, or written into files that nobody else commits. */
export function isPersons({ speaker }: SettingWord): boolean {
  return speaker === "flag" || speaker === "environment" || speaker === "person" || speaker === "default";
}

/** True when the first of two words comes from a source that goes before the second's. */
export function goesBefore(first: SettingWord, second: SettingWord): boolean {
  return PRECEDENCE.indexOf(first.speaker) < PRECEDENCE.indexOf(second.speaker);
}

/** Every word about a key, and which of them counts, by who may say it. An empty text says nothing. */
export function decideSetting(row: FoundSetting, sources: SettingSources): Decision {
  const all = wordsAbout(row, sources).map((word) => ({ ...word, why: whyUnheard(row, word) }));
  const heard = all.filter(({ why }) => why === undefined);
  const winners = row.unites === true ? heard : [row.trust === "stricter" ? strictest(row, heard) : heard[0]];
  const winner = united(winners.filter((word) => word !== undefined));
  const others = all
    .filter((word) => !winners.includes(word))
    .map(({ why, ...word }): Unheard => ({ ...word, why: why ?? whyBeaten(row, word, winner) }));
  return { winner, others };
}

/** Several words as one, which the first of them speaks. */
function united([first, ...more]: readonly SettingWord[]): SettingWord | undefined {
  if (first === undefined) return undefined;
  const { speaker } = first;
  const words = [first, ...more];
  const [source, value] = [words.map((word) => word.source).join(" and "), words.map((word) => word.value).join(",")];
  return { speaker, source, value };
}

/**
 * The value of a key that counts, checked and typed.
 *
 * @throws BdError config/SETTING_INVALID naming the source of a bad value (usage/SETTING_INVALID when a flag gave it)
 */
export function readSetting<Key extends SettingKey>(key: Key, sources: SettingSources): SettingValue<Key> | undefined {
  const word = decideKey(key, sources).winner;
  return word === undefined ? undefined : parseWord(key, SETTINGS[key], word);
}

/** As `readSetting`, for a key with a default. */
export function requireSetting<Key extends SettingKey>(key: Key, sources: SettingSources): SettingValue<Key> {
  const value = readSetting(key, sources);
  if (value === undefined) throw new Error(`the table of settings has no default for ${key}`);
  return value;
}

/** As `decideSetting`, for a key that we act on. */
export function decideKey(key: SettingKey, sources: SettingSources): Decision {
  return decideSetting({ ...SETTINGS[key], key }, sources);
}

/**
 * Lines for the person about words of a project that are not heard because they are the person's to say.
 */
export function unheardLines(sources: SettingSources): string[] {
  const keys = new Set((sources.project ?? []).flatMap(({ entries }) => [...entries.keys()]));
  return [...keys].flatMap((key) => {
    const row = ALL_SETTINGS.get(key);
    if (row?.trust !== "person") return [];
    return decideSetting(row, sources)
      .others.filter(({ speaker }) => speaker === "project")
      .map(
        ({ source }) =>
          `${source}: ${key} is not heard, it is yours to say and no project's (${command`bd config explain ${key}`})`,
      );
  });
}

/**
 * What a word says, parsed.
 *
 * @throws as `readSetting`
 */
export function parseWord<T>(key: string, row: Pick<Setting<T>, "holds" | "secret">, word: SettingWord): T {
  const kind = word.speaker === "flag" ? "usage" : "config";
  const hint = command`bd config explain ${key}`;
  const details = { key, source: word.source, ...(row.secret === true ? {} : { value: word.value }) };
  const said = row.secret === true ? "something" : JSON.stringify(word.value);
  try {
    const value = row.holds.parse(word.value);
    if (value !== undefined) return value;
  } catch (error) {
    if (!(error instanceof BdError) || word.speaker === "flag") throw error;
    const message = `${word.source}, ${key}: ${error.message}`;
    throw new BdError(kind, "SETTING_INVALID", message, { hint, details: { key, source: word.source }, cause: error });
  }
  const message = `${word.source} says ${said} for ${key}, which must be ${row.holds.expected}`;
  throw new BdError(kind, "SETTING_INVALID", message, { hint, details });
}

/** Each word of each source, in the order of precedence. */
function wordsAbout(row: FoundSetting, sources: SettingSources): SettingWord[] {
  const { key } = row;
  const found: SettingWord[] = [];
  const add = (speaker: Speaker, source: string, value: unknown): void => {
    const text = typeof value === "string" ? value : String(value ?? "");
    if (text !== "") found.push({ speaker, source, value: text });
  };
  add("flag", row.flag ?? `--${key}`, new Map(Object.entries(sources.flags ?? {})).get(key));
  for (const name of environmentNamesOf(row)) add("environment", name, environmentValue(sources.view, name));
  if (row.metadata !== undefined) {
    const file = sources.workspace?.metadataPath ?? "metadata.json";
    add("metadata", `${file}, ${row.metadata}`, sources.metadata?.[row.metadata]);
  }
  for (const { path, entries } of sources.project ?? []) {
    const entry = entries.get(key);
    add("project", `${path}, line ${entry?.line ?? 1}`, entry?.value);
  }
  const own = sources.person?.entries.get(key);
  add("person", `${sources.person?.path ?? ""}, line ${own?.line ?? 1}`, own?.value);
  if (row.home === "database") add("database", "the table config", sources.database?.get(key));
  add("default", "default", row.default);
  return found;
}

const OTHER_HOMES = {
  database: "it has its home in the project's database",
  credentials: "no settings file keeps a secret of the server",
  git: "it has its home in git's own configuration",
} as const;

/** Why a word does not count, whatever the others say; undefined for one that may. */
function whyUnheard({ home, trust, fixed }: FoundSetting, { speaker }: SettingWord): string | undefined {
  const isOfYaml = speaker === "project" || speaker === "person";
  if (isOfYaml && (home === "database" || home === "credentials" || home === "git")) return OTHER_HOMES[home];
  if (isOfYaml && fixed !== undefined) return "metadata.json alone says it";
  if (trust === "person" && (speaker === "project" || speaker === "metadata"))
    return "it is yours to say, and no project's";
  return undefined;
}

function whyBeaten({ trust }: FoundSetting, word: SettingWord, winner: SettingWord | undefined): string {
  const isOtherSide = winner !== undefined && word.speaker !== "default" && isPersons(word) !== isPersons(winner);
  const isLaxer = trust === "stricter" && isOtherSide && word.value !== winner.value;
  return `${winner?.source ?? "another"} ${isLaxer ? "is stricter" : "goes first"}`;
}

/** The person's word or the project's, whichever protects more. What can't be parsed wins, so that it is noticed. */
function strictest<Word extends SettingWord>({ holds }: FoundSetting, heard: readonly Word[]): Word | undefined {
  const own = heard.find((word) => isPersons(word) && word.speaker !== "default");
  const projects = heard.find((word) => !isPersons(word));
  if (own === undefined || projects === undefined) return own ?? projects ?? heard[0];
  const strictness = ({ value }: Word): number => {
    const parsed = orUndefined(() => holds.parse(value));
    return parsed === undefined ? Number.POSITIVE_INFINITY : (holds.strictness?.(parsed) ?? 0);
  };
  return strictness(projects) > strictness(own) ? projects : own;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
