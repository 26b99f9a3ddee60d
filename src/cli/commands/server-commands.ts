import type { CommandEntry } from "../command.ts";

/** Our own server, and the database on whichever server there is. */
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
    words: ["server", "adopt"],
    group: "server",
    summary: "Take databases of another data folder into our server's",
    load: () => import("./server/adopt.ts").then((m) => m.serverAdoptCommand),
  },
  {
    words: ["server", "install"],
    group: "server",
    summary: "Find a dolt, or obtain one",
    load: () => import("./server/install.ts").then((m) => m.serverInstallCommand),
  },
  {
    words: ["server", "install-unit"],
    group: "server",
    summary: "Let systemd run our Dolt server, from login or boot on",
    load: () => import("./server/install-unit.ts").then((m) => m.serverInstallUnitCommand),
  },
  {
    words: ["server", "uninstall-unit"],
    group: "server",
    summary: "Stop the unit's server, and remove what install-unit wrote",
    load: () => import("./server/uninstall-unit.ts").then((m) => m.serverUninstallUnitCommand),
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
    words: ["dolt", "verify"],
    group: "server",
    summary: "Look for what is mixed up in the database",
    load: () => import("./dolt/verify.ts").then((m) => m.doltVerifyCommand),
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
