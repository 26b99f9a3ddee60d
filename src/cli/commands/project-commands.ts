import type { CommandEntry } from "../command.ts";

/** Import, export, configuration, workspace and database. */
export const PROJECT_COMMANDS: readonly CommandEntry[] = [
  {
    words: ["import"],
    group: "data",
    summary: "Import issues from JSONL",
    load: () => import("./data/import.ts").then((m) => m.importCommand),
  },
  {
    words: ["export"],
    group: "data",
    summary: "Export issues as JSONL",
    load: () => import("./data/export.ts").then((m) => m.exportCommand),
  },
  {
    words: ["sync"],
    group: "data",
    summary: "Bring the tracker and .beads/issues.jsonl together",
    load: () => import("./data/sync.ts").then((m) => m.syncCommand),
  },
  {
    words: ["merge-driver"],
    group: "data",
    summary: "Merge files of issues for git",
    load: () => import("./data/merge-driver.ts").then((m) => m.mergeDriverCommand),
  },
  {
    words: ["merge"],
    group: "data",
    summary: "Merge three files of issues into one",
    load: () => import("./data/merge-driver.ts").then((m) => m.mergeCommand),
  },
  {
    words: ["init"],
    group: "setup",
    summary: "Make this folder a workspace",
    load: () => import("./workspace/init.ts").then((m) => m.initCommand),
  },
  {
    words: ["where"],
    group: "setup",
    summary: "Say which workspace and database are used here",
    load: () => import("./workspace/where.ts").then((m) => m.whereCommand),
  },
  {
    words: ["whoami"],
    group: "setup",
    summary: "Say who you are here, and for which session",
    load: () => import("./workspace/whoami.ts").then((m) => m.whoamiCommand),
  },
  {
    words: ["prime"],
    group: "setup",
    summary: "Tell an agent how to work with bd",
    load: () => import("./workspace/prime.ts").then((m) => m.primeCommand),
  },
  {
    words: ["completion"],
    group: "setup",
    summary: "Print what lets a shell complete lines of bd",
    load: () => import("./completion/completion.ts").then((m) => m.completionCommand),
  },
  {
    words: ["info"],
    group: "setup",
    summary: "Describe the database",
    load: () => import("./workspace/info.ts").then((m) => m.infoCommand),
  },
  {
    words: ["ping"],
    group: "setup",
    summary: "Say whether the database answers",
    load: () => import("./workspace/ping.ts").then((m) => m.pingCommand),
  },
  {
    words: ["config", "set"],
    group: "setup",
    summary: "Set a setting where it belongs",
    load: () => import("./config/set.ts").then((m) => m.configSetCommand),
  },
  {
    words: ["config", "get"],
    group: "setup",
    summary: "Print a setting",
    load: () => import("./config/get.ts").then((m) => m.configGetCommand),
  },
  {
    words: ["config", "list"],
    group: "setup",
    summary: "List the project's settings",
    load: () => import("./config/list.ts").then((m) => m.configListCommand),
  },
  {
    words: ["config", "unset"],
    group: "setup",
    summary: "Take a setting out",
    load: () => import("./config/unset.ts").then((m) => m.configUnsetCommand),
  },
  {
    words: ["config", "explain"],
    group: "setup",
    summary: "Say where a setting's value comes from",
    load: () => import("./config/explain.ts").then((m) => m.configExplainCommand),
  },
  {
    words: ["rename-prefix"],
    group: "setup",
    summary: "Give all ids of the project another prefix",
    load: () => import("./workspace/rename-prefix.ts").then((m) => m.renamePrefixCommand),
  },
  {
    words: ["migrate"],
    group: "setup",
    summary: "Bring the database to this program's schema",
    load: () => import("./workspace/migrate.ts").then((m) => m.migrateCommand),
  },
  {
    words: ["migrate", "deleted-issues"],
    group: "setup",
    summary: "Let merges remember deleted issues",
    load: () => import("./workspace/migrate-deleted-issues.ts").then((m) => m.migrateDeletedIssuesCommand),
  },
  {
    words: ["version"],
    group: "setup",
    summary: "Print the version",
    load: () => import("./version.ts").then((m) => m.versionCommand),
  },
];
