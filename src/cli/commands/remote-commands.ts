import type { CommandEntry } from "../command.ts";

/** Sharing a project with other servers. */
export const REMOTE_COMMANDS: readonly CommandEntry[] = [
  {
    words: ["dolt", "push"],
    group: "remotes",
    summary: "Give our commits to a remote, and verify that they arrived",
    load: () => import("./dolt/push.ts").then((m) => m.doltPushCommand),
  },
  {
    words: ["dolt", "pull"],
    group: "remotes",
    summary: "Take over what the others pushed",
    load: () => import("./dolt/pull.ts").then((m) => m.doltPullCommand),
  },
  {
    words: ["dolt", "fetch"],
    group: "remotes",
    summary: "Look at what a remote has",
    load: () => import("./dolt/fetch.ts").then((m) => m.doltFetchCommand),
  },
  {
    words: ["dolt", "remote", "add"],
    group: "remotes",
    summary: "Name a place to push to and pull from",
    load: () => import("./dolt/remote.ts").then((m) => m.doltRemoteAddCommand),
  },
  {
    words: ["dolt", "remote", "list"],
    group: "remotes",
    summary: "List the remotes",
    load: () => import("./dolt/remote.ts").then((m) => m.doltRemoteListCommand),
  },
  {
    words: ["dolt", "remote", "remove"],
    group: "remotes",
    summary: "Forget a remote",
    load: () => import("./dolt/remote.ts").then((m) => m.doltRemoteRemoveCommand),
  },
  {
    words: ["dolt", "log"],
    group: "remotes",
    summary: "List the commits of the database",
    load: () => import("./dolt/log.ts").then((m) => m.doltLogCommand),
  },
];
