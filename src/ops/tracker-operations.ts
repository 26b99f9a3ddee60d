import type { OperationEntry } from "./operation.ts";

/** The task store of a web app, mirrored here. */
export const TRACKER_OPERATIONS: readonly OperationEntry[] = [
  {
    name: "tracker.setup",
    access: "machine",
    summary: "Say that this project is mirrored in a task store",
    load: () => import("./tracker/setup.ts").then((m) => m.setUpTracker),
  },
  {
    name: "tracker.sync",
    access: "machine",
    summary: "Bring tasks and issues together",
    load: () => import("./tracker/sync.ts").then((m) => m.syncTracker),
  },
  {
    name: "tracker.status",
    access: "machine",
    summary: "Say what tasks and issues do not have of each other",
    load: () => import("./tracker/status.ts").then((m) => m.trackerStatus),
  },
  {
    name: "tracker.verify",
    access: "machine",
    summary: "Compare every task with its issue",
    load: () => import("./tracker/verify.ts").then((m) => m.verifyTracker),
  },
  {
    name: "tracker.fix",
    access: "machine",
    summary: "Compare every task with its issue, and bring both together",
    load: () => import("./tracker/verify.ts").then((m) => m.fixTracker),
  },
];
