import type { Access, AnyOperation } from "./operation.ts";

/** What a front end knows of an operation before it is loaded. */
export interface OperationEntry {
  readonly name: string;
  readonly access: Access;
  readonly summary: string;
  /** Loads the operation; nothing is loaded that isn't invoked. */
  readonly load: () => Promise<AnyOperation>;
}

/** The one list of what this program can do; the command line, and later RPC, HTTP and MCP, are made from it. */
export const OPERATIONS: readonly OperationEntry[] = [
  {
    name: "version",
    access: "none",
    summary: "Print the version",
    load: () => import("./version.ts").then((m) => m.version),
  },
  {
    name: "issue.create",
    access: "write",
    summary: "Create an issue",
    load: () => import("./issue/create.ts").then((m) => m.createIssue),
  },
  {
    name: "issue.update",
    access: "write",
    summary: "Change issues",
    load: () => import("./issue/update.ts").then((m) => m.updateIssues),
  },
  {
    name: "issue.close",
    access: "write",
    summary: "Close issues",
    load: () => import("./issue/close.ts").then((m) => m.closeIssues),
  },
  {
    name: "issue.reopen",
    access: "write",
    summary: "Open closed issues again",
    load: () => import("./issue/reopen.ts").then((m) => m.reopenIssues),
  },
  {
    name: "issue.show",
    access: "read",
    summary: "Show issues with all that hangs on them",
    load: () => import("./issue/show.ts").then((m) => m.showIssues),
  },
  {
    name: "issue.list",
    access: "read",
    summary: "List issues",
    load: () => import("./issue/list.ts").then((m) => m.listIssues),
  },
  {
    name: "issue.ready",
    access: "read",
    summary: "List what can be worked on now",
    load: () => import("./issue/ready.ts").then((m) => m.readyIssues),
  },
  {
    name: "issue.explain-ready",
    access: "read",
    summary: "Say why work is ready or blocked",
    load: () => import("./issue/explain-ready.ts").then((m) => m.explainReady),
  },
  {
    name: "issue.claim-next",
    access: "write",
    summary: "Claim the first ready issue that nobody has",
    load: () => import("./issue/claim-next.ts").then((m) => m.claimNext),
  },
  {
    name: "issue.blocked",
    access: "read",
    summary: "List what waits, and for what",
    load: () => import("./issue/blocked.ts").then((m) => m.blockedIssues),
  },
  {
    name: "issue.search",
    access: "read",
    summary: "Find issues by title or id",
    load: () => import("./issue/search.ts").then((m) => m.searchIssues),
  },
  {
    name: "issue.stats",
    access: "read",
    summary: "Count by status, ready and blocked work",
    load: () => import("./issue/stats.ts").then((m) => m.issueStats),
  },
  {
    name: "issue.count",
    access: "read",
    summary: "Count issues, in groups if asked",
    load: () => import("./issue/count.ts").then((m) => m.countMatching),
  },
  {
    name: "label.add",
    access: "write",
    summary: "Put a label on issues",
    load: () => import("./label/change-labels.ts").then((m) => m.addLabel),
  },
  {
    name: "label.remove",
    access: "write",
    summary: "Take a label off issues",
    load: () => import("./label/change-labels.ts").then((m) => m.removeLabel),
  },
  {
    name: "label.list",
    access: "read",
    summary: "List the labels of an issue",
    load: () => import("./label/list-labels.ts").then((m) => m.listLabels),
  },
  {
    name: "label.list-all",
    access: "read",
    summary: "List all labels",
    load: () => import("./label/list-labels.ts").then((m) => m.listAllLabels),
  },
  {
    name: "comment.add",
    access: "write",
    summary: "Comment on an issue",
    load: () => import("./comment/add.ts").then((m) => m.addComment),
  },
  {
    name: "comment.list",
    access: "read",
    summary: "List the comments on an issue",
    load: () => import("./comment/list.ts").then((m) => m.listComments),
  },
  {
    name: "workspace.init",
    access: "admin",
    summary: "Create or join a project",
    load: () => import("./workspace/init.ts").then((m) => m.initWorkspace),
  },
  {
    name: "server.start",
    access: "admin",
    summary: "Start our own Dolt server",
    load: () => import("./server/start.ts").then((m) => m.startOwnServer),
  },
  {
    name: "server.stop",
    access: "admin",
    summary: "Stop our own Dolt server",
    load: () => import("./server/stop.ts").then((m) => m.stopOwnServer),
  },
  {
    name: "server.status",
    access: "none",
    summary: "Look at our own Dolt server",
    load: () => import("./server/status.ts").then((m) => m.ownServerStatus),
  },
  {
    name: "server.logs",
    access: "none",
    summary: "Show our Dolt server's log",
    load: () => import("./server/logs.ts").then((m) => m.ownServerLogs),
  },
  {
    name: "server.install",
    access: "admin",
    summary: "Find or obtain a dolt",
    load: () => import("./server/install.ts").then((m) => m.installOwnDolt),
  },
  {
    name: "dependency.add",
    access: "write",
    summary: "Make issues depend on others",
    load: () => import("./dependency/add.ts").then((m) => m.addDependencies),
  },
  {
    name: "dependency.remove",
    access: "write",
    summary: "Remove a dependency",
    load: () => import("./dependency/remove.ts").then((m) => m.removeDependency),
  },
  {
    name: "dependency.list",
    access: "read",
    summary: "List the dependencies of issues",
    load: () => import("./dependency/list.ts").then((m) => m.listDependencies),
  },
  {
    name: "dependency.tree",
    access: "read",
    summary: "Show all that an issue depends on",
    load: () => import("./dependency/tree.ts").then((m) => m.dependencyTree),
  },
  {
    name: "dependency.cycles",
    access: "read",
    summary: "Find issues that wait for one another",
    load: () => import("./dependency/cycles.ts").then((m) => m.dependencyCycles),
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
  {
    name: "workspace.migrate",
    access: "admin",
    summary: "Bring the database to this program's schema",
    load: () => import("./workspace/migrate.ts").then((m) => m.migrateDatabase),
  },
  {
    name: "workspace.where",
    access: "read",
    summary: "Say which workspace is used",
    load: () => import("./workspace/where.ts").then((m) => m.whereAmI),
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
    name: "config.explain",
    access: "read",
    summary: "Explain where a setting comes from",
    load: () => import("./config/explain.ts").then((m) => m.explainConfig),
  },
  {
    name: "dolt.push",
    access: "admin",
    summary: "Push to a remote",
    load: () => import("./federation/push.ts").then((m) => m.pushRemote),
  },
  {
    name: "dolt.fetch",
    access: "admin",
    summary: "Fetch from a remote",
    load: () => import("./federation/fetch.ts").then((m) => m.fetchFromRemote),
  },
  {
    name: "dolt.remote-add",
    access: "admin",
    summary: "Name a remote",
    load: () => import("./federation/remote-add.ts").then((m) => m.addRemote),
  },
  {
    name: "dolt.remote-list",
    access: "read",
    summary: "List the remotes",
    load: () => import("./federation/remote-list.ts").then((m) => m.listAllRemotes),
  },
  {
    name: "dolt.remote-remove",
    access: "admin",
    summary: "Forget a remote",
    load: () => import("./federation/remote-remove.ts").then((m) => m.removeRemote),
  },
  {
    name: "dolt.log",
    access: "read",
    summary: "List the database's commits",
    load: () => import("./federation/log.ts").then((m) => m.showLog),
  },
  {
    name: "dolt.show",
    access: "none",
    summary: "Show the connection",
    load: () => import("./dolt/show.ts").then((m) => m.showConnection),
  },
  {
    name: "dolt.test",
    access: "none",
    summary: "Test the connection",
    load: () => import("./dolt/show.ts").then((m) => m.testConnection),
  },
  {
    name: "dolt.status",
    access: "read",
    summary: "Say who serves the database",
    load: () => import("./dolt/status.ts").then((m) => m.doltStatus),
  },
  {
    name: "dolt.commit",
    access: "write",
    summary: "Commit what is uncommitted",
    load: () => import("./dolt/commit.ts").then((m) => m.commitWorkingSet),
  },
  {
    name: "dolt.set",
    access: "admin",
    summary: "Change the connection",
    load: () => import("./dolt/set.ts").then((m) => m.setConnection),
  },
  {
    name: "dolt.pull",
    access: "admin",
    summary: "Pull from a remote",
    load: () => import("./federation/pull.ts").then((m) => m.pull),
  },
];

export function findOperation(name: string): OperationEntry | undefined {
  return OPERATIONS.find((entry) => entry.name === name);
}
