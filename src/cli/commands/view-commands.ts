import type { CommandEntry } from "../command.ts";

/** Finding issues and looking at them. */
export const VIEW_COMMANDS: readonly CommandEntry[] = [
  {
    words: ["ready"],
    group: "views",
    summary: "Show what can be worked on now, or claim it",
    load: () => import("./issue/ready.ts").then((m) => m.readyCommand),
  },
  {
    words: ["list"],
    group: "views",
    summary: "List issues",
    load: () => import("./issue/list.ts").then((m) => m.listCommand),
  },
  {
    words: ["children"],
    group: "views",
    summary: "List what belongs to an issue",
    load: () => import("./issue/children.ts").then((m) => m.childrenCommand),
  },
  {
    words: ["blocked"],
    group: "views",
    summary: "Show what waits, and for what",
    load: () => import("./issue/blocked.ts").then((m) => m.blockedCommand),
  },
  {
    words: ["state"],
    group: "views",
    summary: "Show one state of an issue",
    load: () => import("./state/state.ts").then((m) => m.stateCommand),
  },
  {
    words: ["state", "list"],
    group: "views",
    summary: "Show all states of an issue",
    load: () => import("./state/state.ts").then((m) => m.stateListCommand),
  },
  {
    words: ["duplicates"],
    group: "views",
    summary: "Find issues that say the same, or close all but one",
    load: () => import("./issue/duplicates.ts").then((m) => m.duplicatesCommand),
  },
  {
    words: ["lint"],
    group: "views",
    summary: "Find issues that lack recommended sections",
    load: () => import("./issue/lint.ts").then((m) => m.lintCommand),
  },
  {
    words: ["search"],
    group: "views",
    summary: "Find issues by words in their texts and comments",
    load: () => import("./issue/search.ts").then((m) => m.searchCommand),
  },
  {
    words: ["watch"],
    group: "views",
    summary: "Say what happens, as it happens",
    load: () => import("./change/watch.ts").then((m) => m.watchCommand),
  },
  {
    words: ["changes"],
    group: "views",
    summary: "Say what happened since a cursor",
    load: () => import("./change/changes.ts").then((m) => m.changesCommand),
  },
  {
    words: ["stats"],
    aliases: ["status"],
    group: "views",
    summary: "Show how the project stands",
    load: () => import("./issue/stats.ts").then((m) => m.statsCommand),
  },
  {
    words: ["count"],
    group: "views",
    summary: "Count issues, in groups if you like",
    load: () => import("./issue/count.ts").then((m) => m.countCommand),
  },
  {
    words: ["stale"],
    group: "views",
    summary: "Show what nobody has touched for long",
    load: () => import("./issue/stale.ts").then((m) => m.staleCommand),
  },
  {
    words: ["epic", "status"],
    group: "views",
    summary: "Show how far the epics are",
    load: () => import("./issue/epic.ts").then((m) => m.epicStatusCommand),
  },
  {
    words: ["types"],
    group: "views",
    summary: "List the types that issues may have",
    load: () => import("./issue/list-types.ts").then((m) => m.typesCommand),
  },
  {
    words: ["statuses"],
    group: "views",
    summary: "List the statuses that issues may have",
    load: () => import("./issue/list-statuses.ts").then((m) => m.statusesCommand),
  },
];
