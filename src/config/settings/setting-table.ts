import { type CommandLine, command } from "../../errors.ts";
import { remoteHosts } from "../secrets/remote-host.ts";
import type { MetadataKey } from "../workspace/metadata.ts";
import { DAEMON_SETTINGS } from "./daemon-settings.ts";
import { SERVE_SETTINGS } from "./serve-settings.ts";
import * as kind from "./setting-kinds.ts";
import { SYNC_SETTINGS } from "./sync-settings.ts";
import { TRACKER_SETTINGS } from "./tracker-settings.ts";

/**
 * Where `bd config set` puts a key:
 * - `project`: `.beads/config.yaml`, shared by git; `config.local.yaml` beside it goes first
 * - `person`: `~/.config/bd/config.yaml`, which can also hold any key of `project` and `metadata`
 * - `metadata`: `.beads/metadata.json`
 * - `database`: the table `config`, which travels with the issues
 * - `credentials`: the environment or the credentials file, and nothing else
 * - `git`: git's own configuration
 */
export type SettingHome = "project" | "person" | "metadata" | "database" | "credentials" | "git";

/**
 * Whose word counts. A project is what anybody may have committed.
 * - `person`: flags, the environment and the person's own files; what a project says is not heard
 * - `project`: the same and, before the person's own files, the project's
 * - `stricter`: the person and the project, whoever is stricter: a project can protect more, and never less
 * - `database`: the project's database alone, the same for everybody
 */
export type Trust = "person" | "project" | "stricter" | "database";

/** One row: all that there is to know about a key. */
export interface Setting<T = unknown> {
  readonly home: SettingHome;
  readonly trust: Trust;
  readonly holds: kind.SettingKind<T>;
  readonly summary: string;
  /** Environment variables besides `BD_<KEY>`, the first one set wins. */
  readonly env?: readonly string[];
  /** The key of `metadata.json` that holds it. */
  readonly metadata?: MetadataKey;
  /** The command line flag, for messages. */
  readonly flag?: string;
  readonly default?: string;
  readonly secret?: true;
  /** A list to which each source that may say it adds, instead of the first alone. */
  readonly unites?: true;
  /** `bd config set` refuses it; the reason finishes the sentence "KEY can't be set here: …". */
  readonly fixed?: { readonly reason: string; readonly hint: CommandLine };
}

const ROWS = {
  // The server and the database.
  "dolt.host": {
    home: "metadata",
    trust: "project",
    holds: kind.host,
    summary: "Host of the Dolt server",
    flag: "--server-host",
    env: ["BEADS_DOLT_SERVER_HOST"],
    metadata: "dolt_server_host",
    default: "127.0.0.1",
  },
  "dolt.port": {
    home: "metadata",
    trust: "project",
    holds: kind.port,
    summary: "Port of the Dolt server",
    flag: "--server-port",
    env: ["BEADS_DOLT_SERVER_PORT", "BEADS_DOLT_PORT"],
    metadata: "dolt_server_port",
    default: "3307",
  },
  "dolt.socket": {
    home: "metadata",
    trust: "project",
    holds: kind.socketPath,
    summary: "Unix socket of the Dolt server, which goes before host and port",
    flag: "--server-socket",
    env: ["BEADS_DOLT_SERVER_SOCKET"],
    metadata: "dolt_server_socket",
  },
  "dolt.user": {
    home: "metadata",
    trust: "project",
    holds: kind.user,
    summary: "User at the Dolt server",
    flag: "--server-user",
    env: ["BEADS_DOLT_SERVER_USER"],
    metadata: "dolt_server_user",
    default: "root",
  },
  "dolt.tls": {
    home: "metadata",
    trust: "stricter",
    holds: kind.guard,
    summary: "Encrypt the connection, and check the server's certificate",
    env: ["BEADS_DOLT_SERVER_TLS"],
    metadata: "dolt_server_tls",
    default: "false",
  },
  "dolt.database": {
    home: "metadata",
    trust: "project",
    holds: kind.database,
    summary: "The project's database",
    flag: "--db",
    env: ["BEADS_DOLT_SERVER_DATABASE", "BEADS_DB", "BD_DB"],
    metadata: "dolt_database",
  },
  "dolt.password": {
    home: "credentials",
    trust: "person",
    holds: kind.text,
    summary: "Password at the Dolt server; it goes only to hosts that the person names, and to this machine",
    env: ["BEADS_DOLT_PASSWORD"],
    secret: true,
  },
  "dolt.retry-max": {
    home: "project",
    trust: "project",
    holds: kind.duration,
    summary: "How long a command waits for a server",
    env: ["BEADS_DOLT_RETRY_MAX"],
    default: "30s",
  },
  project_id: {
    home: "metadata",
    trust: "project",
    holds: kind.text,
    summary: "Identity of the project",
    metadata: "project_id",
    fixed: { reason: "it says which project this is, for good", hint: command`bd where` },
  },
  // Who works, and how the answer looks.
  actor: {
    home: "person",
    trust: "person",
    holds: kind.text,
    summary: "Name in the audit trail",
    flag: "--actor",
    env: ["BEADS_ACTOR"],
  },
  session: {
    home: "person",
    trust: "person",
    holds: kind.text,
    summary: "Session that claims belong to",
    flag: "--session",
    env: ["BD_SESSION", "CLAUDE_SESSION_ID"],
  },
  identity: {
    home: "person",
    trust: "person",
    holds: kind.text,
    summary: "Name of a federation sender; kept, not used",
  },
  json: {
    home: "project",
    trust: "project",
    holds: kind.flag,
    summary: "Print JSON",
    flag: "--json",
    default: "false",
  },
  "json-envelope": {
    home: "person",
    trust: "person",
    holds: kind.flag,
    summary: "Wrap JSON in an envelope",
    default: "false",
  },
  "trusted-folders": {
    home: "person",
    trust: "person",
    holds: kind.text,
    summary:
      "Folders whose workspaces are used whoever owns them and wherever they lead, separated by colons; FOLDER/* and * for many",
  },
  readonly: {
    home: "person",
    trust: "stricter",
    holds: kind.guard,
    summary: "Refuse every change",
    flag: "--readonly",
    default: "false",
  },
  "beads.role": {
    home: "git",
    trust: "person",
    holds: kind.text,
    summary: "maintainer or contributor, in git's configuration",
  },
  ...DAEMON_SETTINGS,
  ...SERVE_SETTINGS,
  ...SYNC_SETTINGS,
  ...TRACKER_SETTINGS,
  // What travels with the issues.
  issue_prefix: {
    home: "database",
    trust: "database",
    holds: kind.prefix,
    summary: "Prefix of issue ids",
    fixed: { reason: "every id in the database begins with it", hint: command`bd config explain allowed_prefixes` },
  },
  issue_id_mode: database(kind.oneOf("hash", "counter"), "Whether new ids end in a hash or count up", "hash"),
  min_hash_length: database(kind.wholeNumber(3, 8), "Shortest hash in an id", "3"),
  max_hash_length: database(kind.wholeNumber(3, 8), "Longest hash in an id", "8"),
  max_collision_prob: database(kind.probability, "Collision probability at which ids grow", "0.25"),
  allowed_prefixes: database(kind.prefixes, "Foreign prefixes that ids may have"),
  "status.custom": database(kind.statuses, "Statuses of your own"),
  "types.custom": database(kind.types, "Issue types of your own"),
  "types.infra": database(kind.types, "Issue types of the machinery, which lists leave out", "agent,rig,role,message"),
  // Sharing with other machines.
  "federation.remote": {
    home: "project",
    trust: "project",
    holds: kind.remoteUrl,
    summary: "Where bd dolt push and pull go",
  },
  "federation.auto": {
    home: "person",
    trust: "person",
    holds: kind.flag,
    summary: "Whether the daemon pulls and pushes by itself",
    default: "false",
  },
  "federation.auto-interval": {
    home: "person",
    trust: "person",
    holds: kind.interval,
    summary: "Time between two rounds of federation.auto when nothing changes here",
    default: "5m",
  },
  "federation.hosts": {
    home: "person",
    trust: "person",
    holds: remoteHosts,
    summary: "Hosts of remotes that a password may go to",
    unites: true,
  },
  "federation.sovereignty": {
    home: "project",
    trust: "stricter",
    holds: kind.sovereignty,
    summary: "How far the data may go; only T1 may be pushed",
    default: "T1",
  },
} as const satisfies Readonly<Record<string, Setting>>;

function database<T>(holds: kind.SettingKind<T>, summary: string, usual?: string) {
  const row = { home: "database", trust: "database", holds, summary } as const;
  return usual === undefined ? row : { ...row, default: usual };
}

/** A key that the program acts on. */
export type SettingKey = keyof typeof ROWS;

/** What a key holds, parsed. */
export type SettingValue<Key extends SettingKey> =
  (typeof ROWS)[Key]["holds"] extends kind.SettingKind<infer T> ? T : never;

/** Every key that the program acts on. */
export const SETTINGS: { readonly [Key in SettingKey]: Setting<SettingValue<Key>> } = ROWS;

/**
 * Keys that the Go program knows and this one keeps for it: they are set, shown and taken out, and change nothing here.
 * A key that ends in `*` stands for every name that begins so; `custom.*` and `kv.*` are free for everybody.
 */
export const PEER_SETTINGS: Readonly<Record<"project" | "database", readonly string[]>> = {
  project: words(`
    agent.profile ai.base_url ai.model ai.provider audit.enabled auto-start-daemon auto_export.error_policy
    backup.enabled backup.git-push backup.git-repo backup.interval conflict.strategy create.require-description db
    directory.* dolt.auto-commit dolt.auto-pull dolt.auto-push dolt.auto-start dolt.data-dir dolt.debug
    dolt.idle-timeout dolt.max-conns dolt.mode dolt.ready-timeout dolt.remotesapi-port dolt.shared-server
    events-export events-journal events-journal-auto-prune events-journal-retain-days events-journal-retain-rows
    export.auto export.error_policy export.git-add export.interval export.path export.retry_attempts
    export.retry_backoff_ms export.skip_encoding_errors export.write_manifest external_projects.*
    federation.allowed-remote-patterns federation.exclude_types flush-debounce git.author git.no-gpg-sign
    hierarchy.max-depth import.auto import.missing_parents import.orphan_handling import.path list.limit
    lock-timeout metrics.disabled metrics.endpoint no-auto-flush no-auto-import no-daemon no-db no-git-ops no-hooks
    no-push node_id output.title-length prime.max-memories prime.max-memory-chars remote-sync-interval repos.*
    routing.contributor routing.default routing.maintainer routing.mode sync-branch sync.auto_pull sync.auto_push
    sync.export_on sync.git-remote sync.import_on sync.mode sync.remote
    sync.require_confirmation_on_mass_delete validation.metadata.* validation.on-close validation.on-create
    validation.on-sync
  `),
  database: words(`
    ado.* auto_compact_enabled compact_* compaction_enabled custom.* doctor.suppress.* github.* gitlab.* jira.* kv.*
    linear.* notion.* schema_version
  `),
};

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
