import { DAEMON_OPERATIONS } from "./daemon-operations.ts";
import { ISSUE_OPERATIONS } from "./issue-operations.ts";
import type { OperationEntry } from "./operation.ts";
import { PART_OPERATIONS } from "./part-operations.ts";
import { PROJECT_OPERATIONS } from "./project-operations.ts";
import { SERVER_OPERATIONS } from "./server-operations.ts";

/** The one list of what this program can do; the command line, and later RPC, HTTP and MCP, are made from it. */
export const OPERATIONS: readonly OperationEntry[] = [
  ...ISSUE_OPERATIONS,
  ...PART_OPERATIONS,
  ...PROJECT_OPERATIONS,
  ...SERVER_OPERATIONS,
  ...DAEMON_OPERATIONS,
];

export function findOperation(name: string): OperationEntry | undefined {
  return OPERATIONS.find((entry) => entry.name === name);
}
