import { restConnection } from "./rest-connection.ts";
import { hostVariables, storeAddress, type Variables } from "./store-address.ts";
import { openedLater, type StoreConnection } from "./store-connection.ts";
import { type MirrorTold, mirrorTeller } from "./tell-mirror.ts";
import { Tracker, type TrackerOptions } from "./tracker.ts";
import { TrackerError } from "./tracker-error.ts";

export { restConnection, storeFailed } from "./rest-connection.ts";
export { hostVariables, type StoreAddress, storeAddress, type Variables } from "./store-address.ts";
export { openedLater, type StoreConnection } from "./store-connection.ts";
export { type Activity, FOUR_STATUSES, SIX_STATUSES, type StatusWords, type Task, type TaskPriority } from "./task.ts";
export type { Change } from "./task-log.ts";
export { createTaskRoutes, type TaskRouteOptions } from "./task-routes.ts";
export type { MirrorTold } from "./tell-mirror.ts";
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
  /** Who is told of changes, where a machine mirrors the store; default `daemon`. */
  readonly mirror?: MirrorTold | undefined;
}

/**
 * A task store where the variables of the host say, which are looked at when it is first used: then it throws TrackerError where
 * none is set, and for a store over TCP, which `beads/tracker/redis` reaches: this file runs where there is no Node.
 */
export function createTracker({
  connection,
  env = hostVariables(),
  mirror = "daemon",
  ...options
}: CreateOptions = {}): Tracker {
  const opened = connection ?? openedLater(() => connectionFor(env));
  return new Tracker({ onChange: mirrorTeller(mirror, env), ...options, connection: opened });
}

function connectionFor(env: Variables): StoreConnection {
  const address = storeAddress(env);
  if (address.kind === "rest") return restConnection(address.rest);
  throw new TrackerError(503, "The task store is reached over TCP: take createTracker of beads/tracker/redis");
}
