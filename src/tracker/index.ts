import { restConnection } from "./rest-connection.ts";
import { hostVariables, storeAddress, type Variables } from "./store-address.ts";
import { Tracker, type TrackerOptions } from "./tracker.ts";
import { TrackerError } from "./tracker-error.ts";

export { storeFailed } from "./rest-connection.ts";
export { hostVariables, type StoreAddress, storeAddress, type Variables } from "./store-address.ts";
export type { StoreConnection } from "./store-connection.ts";
export { type Activity, FOUR_STATUSES, SIX_STATUSES, type StatusWords, type Task, type TaskPriority } from "./task.ts";
export type { Change } from "./task-log.ts";
export { createTaskRoutes, type TaskRouteOptions } from "./task-routes.ts";
export {
  type ChangeOptions,
  type Page,
  type PageRequest,
  Tracker,
  type TrackerOptions,
  type Versioned,
} from "./tracker.ts";
export { TrackerError } from "./tracker-error.ts";
export { type Unknown, verifyTasks } from "./verify-tasks.ts";

export interface CreateOptions extends Omit<TrackerOptions, "connection"> {
  readonly connection?: TrackerOptions["connection"] | undefined;
  /** Default: those of the process, where there is one. */
  readonly env?: Variables | undefined;
}

/**
 * A task store where the variables of the host say. Throws TrackerError where none is set, and for one over TCP, which
 * `beads/tracker/redis` reaches: this file runs where there is no Node.
 */
export function createTracker({ connection, env = hostVariables(), ...options }: CreateOptions = {}): Tracker {
  if (connection !== undefined) return new Tracker({ ...options, connection });
  const address = storeAddress(env);
  if (address.kind === "tcp") {
    throw new TrackerError(500, "The task store is reached over TCP: take createTracker of beads/tracker/redis");
  }
  return new Tracker({ ...options, connection: restConnection(address.rest) });
}
