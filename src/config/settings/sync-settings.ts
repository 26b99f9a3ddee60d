import * as kind from "./setting-kinds.ts";

/** Keys of the file of issues. A project may say them: they lead to no other file than its own `.beads/issues.jsonl`. */
const project = { home: "project", trust: "project" } as const;

export const SYNC_SETTINGS = {
  "sync.jsonl": {
    ...project,
    holds: kind.flag,
    summary: "Whether commands take in .beads/issues.jsonl when it has changed, and a daemon writes it",
    default: "false",
  },
  "sync.flush": {
    ...project,
    holds: kind.oneOf("manual", "always"),
    summary: "With sync.jsonl: whether each command that changes something writes the file",
    default: "manual",
  },
} as const;
