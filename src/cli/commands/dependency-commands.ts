import type { CommandEntry } from "../command.ts";

/** What waits for what. */
export const DEPENDENCY_COMMANDS: readonly CommandEntry[] = [
  {
    words: ["dep"],
    group: "dependencies",
    summary: "Let one issue block another",
    load: () => import("./dependency/dep.ts").then((m) => m.depCommand),
  },
  {
    words: ["dep", "add"],
    group: "dependencies",
    summary: "Make an issue depend on another",
    load: () => import("./dependency/add.ts").then((m) => m.addDependencyCommand),
  },
  {
    words: ["dep", "remove"],
    aliases: ["rm"],
    group: "dependencies",
    summary: "Remove a dependency",
    load: () => import("./dependency/remove.ts").then((m) => m.removeDependencyCommand),
  },
  {
    words: ["dep", "list"],
    group: "dependencies",
    summary: "List what issues depend on",
    load: () => import("./dependency/list.ts").then((m) => m.listDependenciesCommand),
  },
  {
    words: ["dep", "tree"],
    group: "dependencies",
    summary: "Show all that an issue depends on",
    load: () => import("./dependency/tree.ts").then((m) => m.dependencyTreeCommand),
  },
  {
    words: ["dep", "cycles"],
    group: "dependencies",
    summary: "Find issues that wait for one another",
    load: () => import("./dependency/cycles.ts").then((m) => m.dependencyCyclesCommand),
  },
  {
    words: ["dep", "relate"],
    group: "dependencies",
    summary: "Say that two issues have to do with one another",
    load: () => import("./dependency/relate.ts").then((m) => m.relateCommand),
  },
  {
    words: ["dep", "unrelate"],
    group: "dependencies",
    summary: "Take that back",
    load: () => import("./dependency/relate.ts").then((m) => m.unrelateCommand),
  },
  {
    words: ["link"],
    group: "dependencies",
    summary: "Make an issue depend on another, as dep add",
    load: () => import("./dependency/add.ts").then((m) => m.linkCommand),
  },
];
