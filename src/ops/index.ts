import { BdError } from "../errors.ts";
import { DAEMON_OPERATIONS } from "./daemon-operations.ts";
import { ISSUE_OPERATIONS } from "./issue-operations.ts";
import type { OperationEntry } from "./operation.ts";
import { PART_OPERATIONS } from "./part-operations.ts";
import { PROJECT_OPERATIONS } from "./project-operations.ts";
import { SERVER_OPERATIONS } from "./server-operations.ts";
import { TRACKER_OPERATIONS } from "./tracker-operations.ts";

/** The one list of what this program can do; the command line, and later RPC, HTTP and MCP, are made from it. */
export const OPERATIONS: readonly OperationEntry[] = [
  ...ISSUE_OPERATIONS,
  ...PART_OPERATIONS,
  ...PROJECT_OPERATIONS,
  ...SERVER_OPERATIONS,
  ...DAEMON_OPERATIONS,
  ...TRACKER_OPERATIONS,
];

export function findOperation(name: string): OperationEntry | undefined {
  return OPERATIONS.find((entry) => entry.name === name);
}

/** What works on this machine's servers, processes and files is for those who sit at it. */
export function isForPrograms({ access }: Pick<OperationEntry, "access">): boolean {
  return access !== "machine";
}

/** An operation that a program names, over a socket or HTTP. Throws BdError usage UNKNOWN_OPERATION. */
export function operationForPrograms(name: string): OperationEntry {
  const entry = findOperation(name);
  if (entry !== undefined && isForPrograms(entry)) return entry;
  throw new BdError("usage", "UNKNOWN_OPERATION", `no operation for programs is called ${name}`);
}
