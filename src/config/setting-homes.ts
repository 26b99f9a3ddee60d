import { type CommandLine, command } from "../errors.ts";
import type { MetadataKey } from "./metadata.ts";

/**
 * Where `bd config set` puts a key, and where its value is looked for:
 * - `project`: `.beads/config.yaml`, shared by git; `config.local.yaml` beside it goes first
 * - `person`: `~/.config/bd/config.yaml`, which can also hold any key of `project`
 * - `metadata`: `.beads/metadata.json`, with the project's and the person's yaml as defaults
 * - `database`: the table `config`, which travels with the issues
 * - `credentials`: the environment or the credentials file, and nothing else
 * - `git`: git's own configuration
 */
export type SettingHome = "project" | "person" | "metadata" | "database" | "credentials" | "git";

export interface SettingDefinition {
  /** A dotted name; `sync.*` stands for every key that begins with `sync.`. */
  readonly key: string;
  readonly home: SettingHome;
  readonly summary: string;
  /** Environment variables besides `BD_<KEY>`, the first one set wins. */
  readonly env?: readonly string[];
  /** The key of `metadata.json` that holds it. */
  readonly metadata?: MetadataKey;
  /** The command line flag, for messages. */
  readonly flag?: string;
  readonly default?: string;
  readonly secret?: true;
  /** `bd config set` refuses it; the reason finishes the sentence "KEY can't be set here: …". */
  readonly fixed?: { readonly reason: string; readonly hint: CommandLine };
}

const IDENTITY_IS_FIXED = { reason: "it says which project this is, for good", hint: command`bd where` };
const PREFIX_IS_FIXED = {
  reason: "every id in the database begins with it",
  hint: command`bd init --prefix PREFIX`,
};

/** Every key we know, each with one home. */
export const SETTINGS = [
  // The server and the database.
  {
    key: "dolt.host",
    home: "metadata",
    summary: "Host of the Dolt server",
    flag: "--server-host",
    env: ["BEADS_DOLT_SERVER_HOST"],
    metadata: "dolt_server_host",
    default: "127.0.0.1",
  },
  {
    key: "dolt.port",
    home: "metadata",
    summary: "Port of the Dolt server",
    flag: "--server-port",
    env: ["BEADS_DOLT_SERVER_PORT", "BEADS_DOLT_PORT"],
    metadata: "dolt_server_port",
    default: "3307",
  },
  {
    key: "dolt.socket",
    home: "metadata",
    summary: "Unix socket of the Dolt server",
    flag: "--server-socket",
    env: ["BEADS_DOLT_SERVER_SOCKET"],
    metadata: "dolt_server_socket",
  },
  {
    key: "dolt.user",
    home: "metadata",
    summary: "User at the Dolt server",
    flag: "--server-user",
    env: ["BEADS_DOLT_SERVER_USER"],
    metadata: "dolt_server_user",
    default: "root",
  },
  {
    key: "dolt.tls",
    home: "metadata",
    summary: "Encrypt the connection (true or false)",
    env: ["BEADS_DOLT_SERVER_TLS"],
    metadata: "dolt_server_tls",
    default: "false",
  },
  {
    key: "dolt.database",
    home: "metadata",
    summary: "The project's database",
    flag: "--db",
    env: ["BEADS_DOLT_SERVER_DATABASE", "BEADS_DB", "BD_DB"],
    metadata: "dolt_database",
  },
  {
    key: "dolt.password",
    home: "credentials",
    summary: "Password at the Dolt server",
    env: ["BEADS_DOLT_PASSWORD"],
    secret: true,
  },
  {
    key: "dolt.retry-max",
    home: "project",
    summary: "How long a command waits for a server (30, 30s, 500ms, 1m)",
    env: ["BEADS_DOLT_RETRY_MAX"],
    default: "30s",
  },
  {
    key: "project_id",
    home: "metadata",
    summary: "Identity of the project",
    metadata: "project_id",
    fixed: IDENTITY_IS_FIXED,
  },
  // Who works, and how the answer looks.
  { key: "actor", home: "person", summary: "Name in the audit trail", flag: "--actor", env: ["BEADS_ACTOR"] },
  {
    key: "session",
    home: "person",
    summary: "Session that claims belong to",
    flag: "--session",
    env: ["BD_SESSION", "CLAUDE_SESSION_ID"],
  },
  { key: "json", home: "project", summary: "Print JSON (true or false)", flag: "--json", default: "false" },
  { key: "json-envelope", home: "person", summary: "Wrap JSON in an envelope (true or false)", default: "false" },
  {
    key: "agent-mode",
    home: "person",
    summary: "Short output for agents (true or false)",
    env: ["BD_AGENT_MODE", "CLAUDE_CODE"],
    default: "false",
  },
  {
    key: "readonly",
    home: "person",
    summary: "Refuse every change (true or false)",
    flag: "--readonly",
    default: "false",
  },
  { key: "identity", home: "person", summary: "Name of a federation sender" },
  { key: "beads.role", home: "git", summary: "maintainer or contributor" },
  // What travels with the issues.
  { key: "issue_prefix", home: "database", summary: "Prefix of issue ids", fixed: PREFIX_IS_FIXED },
  { key: "issue_id_mode", home: "database", summary: "hash or counter" },
  { key: "min_hash_length", home: "database", summary: "Shortest hash in an id" },
  { key: "max_hash_length", home: "database", summary: "Longest hash in an id" },
  { key: "max_collision_prob", home: "database", summary: "Collision probability at which ids grow" },
  { key: "allowed_prefixes", home: "database", summary: "Foreign prefixes that ids may have, separated by commas" },
  { key: "status.custom", home: "database", summary: "Custom statuses, separated by commas" },
  { key: "types.custom", home: "database", summary: "Custom issue types, separated by commas" },
  { key: "types.infra", home: "database", summary: "Issue types of the machinery, separated by commas" },
  { key: "auto_compact_enabled", home: "database", summary: "Compact old issues by themselves (true or false)" },
  { key: "compaction_enabled", home: "database", summary: "Allow compaction (true or false)" },
  { key: "compact_*", home: "database", summary: "Settings of compaction" },
  { key: "kv.*", home: "database", summary: "Free pairs of a name and a value" },
  { key: "custom.*", home: "database", summary: "Free settings of the project" },
  // Sharing with other machines.
  { key: "federation.remote", home: "project", summary: "URL of the remote that bd dolt push and pull use" },
  {
    key: "federation.sovereignty",
    home: "project",
    summary: "How far the data may go, T1 to T4; only T1 may be pushed",
    default: "T1",
  },
  // The peer's yaml keys.
  { key: "no-db", home: "project", summary: "The peer's mode without a database; not supported here" },
  { key: "db", home: "project", summary: "The peer's database path; not used here" },
  { key: "no-push", home: "project", summary: "Never push by itself (true or false)" },
  { key: "no-git-ops", home: "project", summary: "No git commands (true or false)" },
  { key: "events-export", home: "project", summary: "Export events with the issues (true or false)" },
  ...[
    "ai",
    "backup",
    "create",
    "directory",
    "dolt",
    "export",
    "external_projects",
    "federation",
    "git",
    "hierarchy",
    "output",
    "repos",
    "routing",
    "sync",
    "validation",
  ].map((name): SettingDefinition => ({ key: `${name}.*`, home: "project", summary: `Settings of ${name}` })),
  // Trackers: addresses and projects in the database, secrets with the person.
  ...["ado", "github", "gitlab", "jira", "linear", "notion"].map(
    (name): SettingDefinition => ({ key: `${name}.*`, home: "database", summary: `Settings of ${name}` }),
  ),
] as const satisfies readonly SettingDefinition[];

const SECRET_NAME = /(?:^|[._-])(?:password|passwd|secret|token|api[_-]?key|private[_-]?key|credential)s?$/i;
const BY_KEY: ReadonlyMap<string, SettingDefinition> = new Map(SETTINGS.map((setting) => [setting.key, setting]));

/** The spelling under which a key is known: the peer writes `issue-prefix` in yaml and `issue_prefix` elsewhere. */
export function canonicalKey(key: string): string {
  return key === "issue-prefix" ? "issue_prefix" : key;
}

/** What we know of a key, `undefined` for an unknown one. Keys that sound like secrets are secrets. */
export function findSetting(key: string): SettingDefinition | undefined {
  const name = canonicalKey(key);
  const exact = BY_KEY.get(name);
  if (exact !== undefined) return exact;
  const end = Math.max(name.indexOf("."), name.startsWith("compact_") ? name.indexOf("_") : -1);
  const family = end < 0 ? undefined : BY_KEY.get(`${name.slice(0, end + 1)}*`);
  if (isSecret(name)) return { key: name, home: "person", summary: family?.summary ?? "A secret", secret: true };
  return family === undefined ? undefined : { ...family, key: name };
}

/** True for a key whose value is never printed, and never put into the database or a file that git tracks. */
export function isSecret(key: string): boolean {
  return BY_KEY.get(key)?.secret === true || (SECRET_NAME.test(key) && !key.startsWith("kv."));
}

/** The environment variable that overrides a yaml key: `BD_DOLT_HOST` for `dolt.host`. */
export function environmentNameOf(key: string): string {
  return `BD_${key.toUpperCase().replace(/[.-]/g, "_")}`;
}

/** True for the first part of keys that we act on, such as `dolt`: it can't have a value itself. */
export function isSection(name: string): boolean {
  return !BY_KEY.has(name) && SETTINGS.some(({ key }) => key.startsWith(`${name}.`) && !key.endsWith("*"));
}
