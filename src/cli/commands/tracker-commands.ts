import type { CommandEntry } from "../command.ts";

/** The task store of a web app, mirrored here. */
export const TRACKER_COMMANDS: readonly CommandEntry[] = [
  {
    words: ["tracker", "setup"],
    group: "data",
    summary: "Say that this project is mirrored in a task store",
    load: () => import("./tracker/tracker.ts").then((m) => m.trackerSetupCommand),
  },
  {
    words: ["tracker", "sync"],
    group: "data",
    summary: "Bring tasks of a task store and issues together",
    load: () => import("./tracker/tracker.ts").then((m) => m.trackerSyncCommand),
  },
  {
    words: ["tracker", "status"],
    group: "data",
    summary: "Say what tasks and issues do not have of each other",
    load: () => import("./tracker/tracker.ts").then((m) => m.trackerStatusCommand),
  },
  {
    words: ["tracker", "verify"],
    group: "data",
    summary: "Compare every task with its issue",
    load: () => import("./tracker/tracker.ts").then((m) => m.trackerVerifyCommand),
  },
];
