import type { OperationEntry } from "./operation.ts";

/** What is done with servers, databases and remotes. */
export const SERVER_OPERATIONS: readonly OperationEntry[] = [
  {
    name: "server.start",
    access: "machine",
    summary: "Start our own Dolt server",
    load: () => import("./server/start.ts").then((m) => m.startOwnServer),
  },
  {
    name: "server.stop",
    access: "machine",
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
    name: "server.adopt",
    access: "machine",
    summary: "Take databases of another data folder into ours",
    load: () => import("./server/adopt.ts").then((m) => m.adoptFolder),
  },
  {
    name: "server.install",
    access: "machine",
    summary: "Find or obtain a dolt",
    load: () => import("./server/install.ts").then((m) => m.installOwnDolt),
  },
  {
    name: "server.install-unit",
    access: "machine",
    summary: "Let systemd run our Dolt server",
    load: () => import("./server/install-unit.ts").then((m) => m.installServerUnit),
  },
  {
    name: "server.uninstall-unit",
    access: "machine",
    summary: "Remove what install-unit wrote",
    load: () => import("./server/uninstall-unit.ts").then((m) => m.uninstallServerUnit),
  },
  {
    name: "dolt.push",
    access: "exchange",
    summary: "Push to a remote",
    load: () => import("./dolt/push.ts").then((m) => m.pushRemote),
  },
  {
    name: "dolt.fetch",
    access: "exchange",
    summary: "Fetch from a remote",
    load: () => import("./dolt/fetch.ts").then((m) => m.fetchFromRemote),
  },
  {
    name: "dolt.remote-add",
    access: "exchange",
    summary: "Name a remote",
    load: () => import("./dolt/remote-add.ts").then((m) => m.addRemote),
  },
  {
    name: "dolt.remote-list",
    access: "read",
    summary: "List the remotes",
    load: () => import("./dolt/remote-list.ts").then((m) => m.listAllRemotes),
  },
  {
    name: "dolt.remote-remove",
    access: "exchange",
    summary: "Forget a remote",
    load: () => import("./dolt/remote-remove.ts").then((m) => m.removeRemote),
  },
  {
    name: "dolt.log",
    access: "read",
    summary: "List the database's commits",
    load: () => import("./dolt/log.ts").then((m) => m.showLog),
  },
  {
    name: "dolt.show",
    access: "none",
    summary: "Show the connection",
    load: () => import("./dolt/show.ts").then((m) => m.showConnection),
  },
  {
    name: "dolt.test",
    access: "none",
    summary: "Test the connection",
    load: () => import("./dolt/show.ts").then((m) => m.testConnection),
  },
  {
    name: "dolt.status",
    access: "read",
    summary: "Say who serves the database",
    load: () => import("./dolt/status.ts").then((m) => m.doltStatus),
  },
  {
    name: "dolt.verify",
    access: "read",
    summary: "Look for what is mixed up in the database",
    load: () => import("./dolt/verify.ts").then((m) => m.verifyTracker),
  },
  {
    name: "dolt.commit",
    access: "write",
    summary: "Commit what is uncommitted",
    load: () => import("./dolt/commit.ts").then((m) => m.commitWorkingSet),
  },
  {
    name: "dolt.set",
    access: "machine",
    summary: "Change the connection",
    load: () => import("./dolt/set.ts").then((m) => m.setConnection),
  },
  {
    name: "dolt.pull",
    access: "exchange",
    summary: "Pull from a remote",
    load: () => import("./dolt/pull.ts").then((m) => m.pull),
  },
];
