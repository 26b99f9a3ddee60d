import type { OperationEntry } from "./operation.ts";

/** What is done with a project as a whole. */
export const PROJECT_OPERATIONS: readonly OperationEntry[] = [
  {
    name: "version",
    access: "none",
    summary: "Print the version",
    load: () => import("./version.ts").then((m) => m.showVersion),
  },
  {
    name: "data.merge-files",
    access: "none",
    summary: "Merge three versions of a file of issues",
    load: () => import("./data/merge-files.ts").then((m) => m.mergeIssueFiles),
  },
  {
    name: "change.list",
    access: "read",
    summary: "Say what happened since a cursor",
    load: () => import("./change/list.ts").then((m) => m.listChanges),
  },
  {
    name: "change.watch",
    access: "read",
    summary: "Say what happens, as it happens",
    load: () => import("./change/watch.ts").then((m) => m.watchChanges),
  },
  {
    name: "workspace.init",
    access: "machine",
    summary: "Create or join a project",
    load: () => import("./workspace/init.ts").then((m) => m.initWorkspace),
  },
  {
    name: "workspace.migrate",
    access: "machine",
    summary: "Bring the database to this program's schema",
    load: () => import("./workspace/migrate.ts").then((m) => m.migrateDatabase),
  },
  {
    name: "workspace.migrate-deleted-issues",
    access: "machine",
    summary: "Make the table that remembers deleted issues",
    load: () => import("./workspace/migrate-deleted-issues.ts").then((m) => m.migrateDeletedIssues),
  },
  {
    name: "workspace.where",
    access: "read",
    summary: "Say which workspace is used",
    load: () => import("./workspace/where.ts").then((m) => m.whereAmI),
  },
  {
    name: "workspace.whoami",
    access: "read",
    summary: "Say who acts here, and for which session",
    load: () => import("./workspace/whoami.ts").then((m) => m.whoAmI),
  },
  {
    name: "workspace.prime",
    access: "none",
    summary: "Give the text that tells an agent how to work",
    load: () => import("./workspace/prime.ts").then((m) => m.prime),
  },
  {
    name: "completion.script",
    access: "none",
    summary: "Give what lets a shell complete lines",
    load: () => import("./completion/script.ts").then((m) => m.completionScript),
  },
  {
    name: "completion.words",
    access: "read",
    summary: "Give what can be typed that only the database knows",
    load: () => import("./completion/words.ts").then((m) => m.projectWords),
  },
  {
    name: "workspace.rename-prefix",
    access: "write",
    summary: "Give all ids of the project another prefix",
    load: () => import("./workspace/rename-prefix.ts").then((m) => m.renamePrefix),
  },
  {
    name: "workspace.preview-rename",
    access: "read",
    summary: "Say what another prefix would change",
    load: () => import("./workspace/rename-prefix.ts").then((m) => m.previewRename),
  },
  {
    name: "workspace.info",
    access: "read",
    summary: "Describe the database",
    load: () => import("./workspace/info.ts").then((m) => m.databaseInfo),
  },
  {
    name: "workspace.ping",
    access: "read",
    summary: "Say whether the database answers",
    load: () => import("./workspace/ping.ts").then((m) => m.ping),
  },
  {
    name: "config.set",
    access: "write",
    summary: "Set a setting",
    load: () => import("./config/set.ts").then((m) => m.setConfig),
  },
  {
    name: "config.list",
    access: "read",
    summary: "List the project's settings",
    load: () => import("./config/list.ts").then((m) => m.listConfig),
  },
  {
    name: "config.unset",
    access: "write",
    summary: "Take a setting out",
    load: () => import("./config/unset.ts").then((m) => m.unsetConfig),
  },
  {
    name: "config.get",
    access: "read",
    summary: "Show the value of a setting",
    load: () => import("./config/explain.ts").then((m) => m.getConfig),
  },
  {
    name: "config.explain",
    access: "read",
    summary: "Explain where a setting comes from",
    load: () => import("./config/explain.ts").then((m) => m.explainConfig),
  },
  {
    name: "data.import",
    access: "write",
    summary: "Import issues from JSONL",
    load: () => import("./data/import.ts").then((m) => m.importIssues),
  },
  {
    name: "data.export",
    access: "read",
    summary: "Export issues as JSONL",
    load: () => import("./data/export.ts").then((m) => m.exportIssues),
  },
];
