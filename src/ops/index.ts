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
];

export function findOperation(name: string): OperationEntry | undefined {
  return OPERATIONS.find((entry) => entry.name === name);
}
