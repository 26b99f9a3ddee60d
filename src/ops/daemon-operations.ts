import type { OperationEntry } from "./operation.ts";

/** What is done by a bd that stays: the daemon of a workspace, and the server of its API. */
export const DAEMON_OPERATIONS: readonly OperationEntry[] = [
  {
    name: "daemon.start",
    access: "machine",
    summary: "Start the daemon of the workspace",
    load: () => import("./daemon/start.ts").then((m) => m.startDaemon),
  },
  {
    name: "daemon.stop",
    access: "machine",
    summary: "Stop the daemon of the workspace",
    load: () => import("./daemon/stop.ts").then((m) => m.stopDaemon),
  },
  {
    name: "daemon.restart",
    access: "machine",
    summary: "Stop the daemon of the workspace, and start one",
    load: () => import("./daemon/stop.ts").then((m) => m.restartDaemon),
  },
  {
    name: "daemon.status",
    access: "none",
    summary: "Look at the daemon of the workspace",
    load: () => import("./daemon/status.ts").then((m) => m.daemonStatus),
  },
  {
    name: "daemon.logs",
    access: "none",
    summary: "Show the daemon's log",
    load: () => import("./daemon/logs.ts").then((m) => m.daemonLogs),
  },
  {
    name: "daemon.event",
    access: "none",
    summary: "Tell the daemon that something is due",
    load: () => import("./daemon/event.ts").then((m) => m.tellDaemon),
  },
  {
    name: "serve.run",
    access: "machine",
    summary: "Serve the tracker over HTTP",
    load: () => import("./serve/serve.ts").then((m) => m.serveTracker),
  },
];
