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
];

export function findOperation(name: string): OperationEntry | undefined {
  return OPERATIONS.find((entry) => entry.name === name);
}
