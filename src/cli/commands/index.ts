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
    words: ["version"],
    group: "setup",
    summary: "Print the version",
    load: () => import("./version.ts").then((m) => m.versionCommand),
  },
];
