import * as kind from "./setting-kinds.ts";

/** Keys of the mirror of a task store. Which store that is, the person's environment says, and nobody else. */
const person = { home: "person", trust: "person" } as const;
const project = { home: "project", trust: "project" } as const;

export const TRACKER_SETTINGS = {
  "tracker.mirror": {
    ...person,
    holds: kind.flag,
    summary: "Whether the daemon mirrors the task store, in projects that bd tracker setup was run in",
    default: "false",
  },
  "tracker.prefix": {
    ...person,
    holds: kind.keyPrefix,
    summary: "What the keys of the task store begin with",
    default: "tracker:",
  },
  "tracker.project": {
    ...project,
    holds: kind.text,
    summary: "The project whose tasks alone are mirrored; by default all are",
  },
  "tracker.statuses": {
    ...project,
    holds: kind.statusPairs,
    summary: "Statuses of tasks and of issues, WORD=STATUS, from new to finished; four and six are known sets",
    default: "four",
  },
} as const;
