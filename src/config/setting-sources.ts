import { join } from "node:path";
import { type Metadata, readMetadata } from "./metadata.ts";
import { environmentValue, type ProcessView } from "./process-view.ts";
import { environmentNameOf, isSection, type SettingDefinition } from "./setting-homes.ts";
import type { Workspace } from "./workspace.ts";
import { invalidYaml, readYamlSettings, type YamlSettings } from "./yaml-settings.ts";

/** The settings that a flag can give, each with the flag's text; a switch gives `true`. */
export type FlagSettings = Readonly<
  Partial<Record<"dolt.host" | "dolt.port" | "dolt.socket" | "dolt.user" | "dolt.database", string | undefined>> &
    Partial<Record<"actor" | "session", string | undefined>> &
    Partial<Record<"json" | "readonly", boolean | undefined>>
>;

/** Everything that can say what a setting is, as values. Only `view` must be there. */
export interface SettingSources {
  readonly view: ProcessView;
  readonly flags?: FlagSettings | undefined;
  readonly workspace?: Workspace | undefined;
  readonly metadata?: Metadata | undefined;
  /** The project's yaml files, the winning one first. */
  readonly project?: readonly YamlSettings[] | undefined;
  readonly person?: YamlSettings | undefined;
  /** The table `config`, for commands that have read it. */
  readonly database?: ReadonlyMap<string, string> | undefined;
}

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

/** One value that a source gives for a key. */
export interface SettingCandidate {
  readonly kind: (typeof PRECEDENCE)[number];
  /** For people: `--db`, `BEADS_DOLT_SERVER_PORT`, `/path/config.yaml, line 3`. */
  readonly source: string;
  readonly value: string;
}

/** `~/.config/bd/config.yaml`, or where `XDG_CONFIG_HOME` says. */
export function personConfigPath(view: ProcessView): string {
  return join(environmentValue(view, "XDG_CONFIG_HOME") ?? join(view.home, ".config"), "bd", "config.yaml");
}

/**
 * Reads the files that settings come from. Without `workspace`, only the person's. Two of the peer's sources are left
 * out on purpose: the file `.beads/dolt-server.port`, because a stale one leads into another project's database, and
 * `~/.beads/config.yaml`.
 *
 * @throws BdError config/METADATA_INVALID, config/CONFIG_INVALID, config/FILE_UNREADABLE
 */
export async function readSettingSources(
  view: ProcessView,
  options: { readonly workspace?: Workspace | undefined; readonly flags?: FlagSettings | undefined } = {},
): Promise<SettingSources> {
  const { workspace, flags } = options;
  const person = await readChecked(personConfigPath(view));
  if (workspace === undefined) return { view, flags, person };
  const local = await readChecked(join(workspace.beadsDir, "config.local.yaml"));
  const shared = await readChecked(workspace.configPath);
  const project = [local, shared].filter((file) => file !== undefined);
  return { view, flags, person, workspace, project, metadata: readMetadata(workspace) };
}

/** Everything that is said about a key by those who may say it, the winner first. An empty text says nothing. */
export function settingCandidates(definition: SettingDefinition, sources: SettingSources): SettingCandidate[] {
  const { key, home } = definition;
  const found: SettingCandidate[] = [];
  const add = (kind: SettingCandidate["kind"], source: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined && value !== "") found.push({ kind, source, value: String(value) });
  };
  add("flag", definition.flag ?? `--${key}`, new Map(Object.entries(sources.flags ?? {})).get(key));
  for (const name of environmentNamesOf(definition)) {
    add("environment", name, environmentValue(sources.view, name));
  }
  if (definition.metadata !== undefined) {
    const file = sources.workspace?.metadataPath ?? "metadata.json";
    add("metadata", `${file}, ${definition.metadata}`, sources.metadata?.[definition.metadata]);
  }
  if (mayStandInYaml(definition)) addYaml(sources, key, add);
  if (home === "database") add("database", "the table config", sources.database?.get(key));
  add("default", "default", definition.default);
  return found;
}

/** True when the first of two candidates comes from a source that goes before the second's. */
export function goesBefore(first: SettingCandidate, second: SettingCandidate): boolean {
  return PRECEDENCE.indexOf(first.kind) < PRECEDENCE.indexOf(second.kind);
}

/** What yaml files say about a key that has its home elsewhere, and which therefore does not count. */
export function ignoredCandidates(definition: SettingDefinition, sources: SettingSources): SettingCandidate[] {
  const found: SettingCandidate[] = [];
  if (mayStandInYaml(definition)) return found;
  addYaml(sources, definition.key, (kind, source, value) => found.push({ kind, source, value }));
  return found;
}

/** The variables that count for a key, in their order. The database's keys have none: they are the same for everybody. */
export function environmentNamesOf(definition: SettingDefinition): string[] {
  const named = definition.env ?? [];
  const generic = environmentNameOf(definition.key);
  const hasGeneric = definition.home !== "database" && definition.home !== "git" && definition.fixed === undefined;
  return hasGeneric && !named.includes(generic) ? [...named, generic] : [...named];
}

function mayStandInYaml(definition: SettingDefinition): boolean {
  const { home, fixed } = definition;
  return fixed === undefined && (home === "project" || home === "person" || home === "metadata");
}

function addYaml(
  sources: SettingSources,
  key: string,
  add: (kind: "project" | "person", source: string, value: string) => void,
): void {
  for (const file of sources.project ?? []) {
    const entry = file.entries.get(key);
    if (entry !== undefined) add("project", `${file.path}, line ${entry.line}`, entry.value);
  }
  const entry = sources.person?.entries.get(key);
  if (entry !== undefined) add("person", `${sources.person?.path ?? ""}, line ${entry.line}`, entry.value);
}

/** A file cut off in the middle of `dolt:` is still YAML, and means something else. */
async function readChecked(path: string): Promise<YamlSettings | undefined> {
  const settings = await readYamlSettings(path);
  for (const [key, entry] of settings?.entries ?? []) {
    if (isSection(key)) throw invalidYaml(path, entry.line, `${key} must hold settings of its own, as ${key}.NAME`);
  }
  return settings;
}
