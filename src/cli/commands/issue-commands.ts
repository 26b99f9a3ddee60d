import type { CommandEntry } from "../command.ts";

/** Making and changing issues. */
export const ISSUE_COMMANDS: readonly CommandEntry[] = [
  {
    words: ["create"],
    aliases: ["new"],
    group: "issues",
    summary: "Create an issue",
    load: () => import("./issue/create.ts").then((m) => m.createCommand),
  },
  {
    words: ["q"],
    group: "issues",
    summary: "Create an issue and print its id alone",
    load: () => import("./issue/q.ts").then((m) => m.quickCommand),
  },
  {
    words: ["update"],
    group: "issues",
    summary: "Change issues: fields, labels, parent, claim",
    load: () => import("./issue/update.ts").then((m) => m.updateCommand),
  },
  {
    words: ["close"],
    group: "issues",
    summary: "Close issues",
    load: () => import("./issue/close.ts").then((m) => m.closeCommand),
  },
  {
    words: ["done"],
    group: "issues",
    summary: "Close issues, the words after them as the reason",
    load: () => import("./issue/close.ts").then((m) => m.doneCommand),
  },
  {
    words: ["reopen"],
    group: "issues",
    summary: "Open closed issues again",
    load: () => import("./issue/reopen.ts").then((m) => m.reopenCommand),
  },
  {
    words: ["restore"],
    group: "issues",
    summary: "Bring a deleted issue back",
    load: () => import("./issue/restore.ts").then((m) => m.restoreCommand),
  },
  {
    words: ["show"],
    aliases: ["view"],
    group: "issues",
    summary: "Show everything about issues",
    load: () => import("./issue/show.ts").then((m) => m.showCommand),
  },
  {
    words: ["comment"],
    group: "issues",
    summary: "Say something about an issue",
    load: () => import("./comment/add.ts").then((m) => m.commentCommand),
  },
  {
    words: ["comments"],
    group: "issues",
    summary: "Show what was said about an issue",
    load: () => import("./comment/list.ts").then((m) => m.commentsCommand),
  },
  {
    words: ["comments", "add"],
    group: "issues",
    summary: "Say something about an issue",
    load: () => import("./comment/add.ts").then((m) => m.commentsAddCommand),
  },
  {
    words: ["label", "add"],
    group: "issues",
    summary: "Put a label on issues",
    load: () => import("./label/change.ts").then((m) => m.labelAddCommand),
  },
  {
    words: ["label", "remove"],
    group: "issues",
    summary: "Take a label off issues",
    load: () => import("./label/change.ts").then((m) => m.labelRemoveCommand),
  },
  {
    words: ["label", "list"],
    group: "issues",
    summary: "Show the labels of an issue",
    load: () => import("./label/list.ts").then((m) => m.labelListCommand),
  },
  {
    words: ["label", "list-all"],
    group: "issues",
    summary: "Show all labels",
    load: () => import("./label/list.ts").then((m) => m.labelListAllCommand),
  },
];
