import type { CommandEntry } from "../command.ts";

/** A bd that stays: the daemon of a workspace, so that commands need not start anew, and the server of its API. */
export const DAEMON_COMMANDS: readonly CommandEntry[] = [
  {
    words: ["daemon", "start"],
    group: "server",
    summary: "Start a daemon for this workspace, which makes commands quicker",
    load: () => import("./daemon/start.ts").then((m) => m.daemonStartCommand),
  },
  {
    words: ["daemon", "stop"],
    group: "server",
    summary: "Stop this workspace's daemon",
    load: () => import("./daemon/stop.ts").then((m) => m.daemonStopCommand),
  },
  {
    words: ["daemon", "restart"],
    group: "server",
    summary: "Stop this workspace's daemon and start one",
    load: () => import("./daemon/start.ts").then((m) => m.daemonRestartCommand),
  },
  {
    words: ["daemon", "status"],
    group: "server",
    summary: "Say whether a daemon runs, and what it did",
    load: () => import("./daemon/status.ts").then((m) => m.daemonStatusCommand),
  },
  {
    words: ["daemon", "logs"],
    group: "server",
    summary: "Show the last lines of the daemon's log",
    load: () => import("./daemon/logs.ts").then((m) => m.daemonLogsCommand),
  },
  {
    words: ["daemon", "event"],
    group: "server",
    summary: "Tell the daemon that something is due, for hooks",
    load: () => import("./daemon/event.ts").then((m) => m.daemonEventCommand),
  },
  {
    words: ["serve"],
    group: "server",
    summary: "Serve this tracker over HTTP",
    load: () => import("./serve/serve.ts").then((m) => m.serveCommand),
  },
];
