import type { CommandEntry } from "../command.ts";

/** Every command of the program, in the order of `bd --help`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    words: ["create"],
    aliases: ["new"],
    group: "issues",
    summary: "Create an issue",
    load: () => import("./issue/create.ts").then((m) => m.createCommand),
  },
  {
    words: ["update"],
    group: "issues",
    summary: "Change issues: fields, labels, parent, claim",
    load: () => import("./issue/update.ts").then((m) => m.updateCommand),
  },
  {
    words: ["show"],
    aliases: ["view"],
    group: "issues",
    summary: "Show everything about issues",
    load: () => import("./issue/show.ts").then((m) => m.showCommand),
  },
  {
    words: ["list"],
    group: "views",
    summary: "List issues",
    load: () => import("./issue/list.ts").then((m) => m.listCommand),
  },
  {
    words: ["init"],
    group: "setup",
    summary: "Make this folder a workspace",
    load: () => import("./workspace/init.ts").then((m) => m.initCommand),
  },
  {
    words: ["version"],
    group: "setup",
    summary: "Print the version",
    load: () => import("./version.ts").then((m) => m.versionCommand),
  },
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
];
