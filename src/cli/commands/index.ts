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
];
