import type { CommandEntry } from "../command.ts";

/** Our own server, the database in it, and its remotes. */
export const SERVER_COMMANDS: readonly CommandEntry[] = [
  {
    words: ["server", "start"],
    group: "server",
    summary: "Start our own Dolt server",
    load: () => import("./server/start.ts").then((m) => m.serverStartCommand),
  },
  {
    words: ["server", "stop"],
    group: "server",
    summary: "Stop our own Dolt server, and no other",
    load: () => import("./server/stop.ts").then((m) => m.serverStopCommand),
  },
  {
    words: ["server", "status"],
    group: "server",
    summary: "Say whether our server runs, and who answers",
    load: () => import("./server/status.ts").then((m) => m.serverStatusCommand),
  },
  {
    words: ["server", "logs"],
    group: "server",
    summary: "Show the last lines of our server's log",
    load: () => import("./server/logs.ts").then((m) => m.serverLogsCommand),
  },
  {
    words: ["server", "install"],
    group: "server",
    summary: "Find a dolt, or obtain one",
    load: () => import("./server/install.ts").then((m) => m.serverInstallCommand),
  },
  {
    words: ["dolt", "push"],
    group: "server",
    summary: "Give our commits to a remote, and verify that they arrived",
    load: () => import("./dolt/push.ts").then((m) => m.doltPushCommand),
  },
  {
    words: ["dolt", "pull"],
    group: "server",
    summary: "Take over what the others pushed",
    load: () => import("./dolt/pull.ts").then((m) => m.doltPullCommand),
  },
  {
    words: ["dolt", "fetch"],
    group: "server",
    summary: "Look at what a remote has",
    load: () => import("./dolt/fetch.ts").then((m) => m.doltFetchCommand),
  },
  {
    words: ["dolt", "remote", "add"],
    group: "server",
    summary: "Name a place to push to and pull from",
    load: () => import("./dolt/remote.ts").then((m) => m.doltRemoteAddCommand),
  },
  {
    words: ["dolt", "remote", "list"],
    group: "server",
    summary: "List the remotes",
    load: () => import("./dolt/remote.ts").then((m) => m.doltRemoteListCommand),
  },
  {
    words: ["dolt", "remote", "remove"],
    group: "server",
    summary: "Forget a remote",
    load: () => import("./dolt/remote.ts").then((m) => m.doltRemoteRemoveCommand),
  },
  {
    words: ["dolt", "log"],
    group: "server",
    summary: "List the commits of the database",
    load: () => import("./dolt/log.ts").then((m) => m.doltLogCommand),
  },
  {
    words: ["dolt", "show"],
    group: "server",
    summary: "Show how this workspace connects",
    load: () => import("./dolt/show.ts").then((m) => m.doltShowCommand),
  },
  {
    words: ["dolt", "test"],
    group: "server",
    summary: "Test the connection",
    load: () => import("./dolt/show.ts").then((m) => m.doltTestCommand),
  },
  {
    words: ["dolt", "status"],
    group: "server",
    summary: "Say who serves this workspace, and what is uncommitted",
    load: () => import("./dolt/status.ts").then((m) => m.doltStatusCommand),
  },
  {
    words: ["dolt", "commit"],
    group: "server",
    summary: "Commit what other programs left uncommitted",
    load: () => import("./dolt/commit.ts").then((m) => m.doltCommitCommand),
  },
  {
    words: ["dolt", "set"],
    group: "server",
    summary: "Change where this workspace connects to",
    load: () => import("./dolt/set.ts").then((m) => m.doltSetCommand),
  },
];
