import * as kind from "./setting-kinds.ts";

/** Keys of the file of issues. A project may say most of them: those lead to no other file than its own `.beads/issues.jsonl`. */
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
  "sync.implicit_deletes": {
    ...project,
    holds: kind.oneOf("lose", "win"),
    summary: "Whether a line that others took out of the file deletes its issue, even one that was changed here",
    default: "lose",
  },
  // It has bd sync go to the repository's remote with the person's credentials.
  "sync.branch": {
    home: "git",
    trust: "person",
    holds: kind.text,
    summary: "In git's configuration: the branch that bd sync keeps the file of issues on, in place of the work tree",
  },
} as const;
