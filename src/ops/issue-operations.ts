import type { OperationEntry } from "./operation.ts";

/** What is done with issues, their edges, labels and comments. */
export const ISSUE_OPERATIONS: readonly OperationEntry[] = [
  {
    name: "issue.create",
    access: "write",
    summary: "Create an issue",
    load: () => import("./issue/create.ts").then((m) => m.createIssue),
  },
  {
    name: "issue.update",
    access: "write",
    summary: "Change issues",
    load: () => import("./issue/update.ts").then((m) => m.updateIssues),
  },
  {
    name: "issue.close",
    access: "write",
    summary: "Close issues",
    load: () => import("./issue/close.ts").then((m) => m.closeIssues),
  },
  {
    name: "issue.reopen",
    access: "write",
    summary: "Open closed issues again",
    load: () => import("./issue/reopen.ts").then((m) => m.reopenIssues),
  },
  {
    name: "issue.show",
    access: "read",
    summary: "Show issues with all that hangs on them",
    load: () => import("./issue/show.ts").then((m) => m.showIssues),
  },
  {
    name: "issue.list",
    access: "read",
    summary: "List issues",
    load: () => import("./issue/list.ts").then((m) => m.listIssues),
  },
  {
    name: "issue.ready",
    access: "read",
    summary: "List what can be worked on now",
    load: () => import("./issue/ready.ts").then((m) => m.readyIssues),
  },
  {
    name: "issue.explain-ready",
    access: "read",
    summary: "Say why work is ready or blocked",
    load: () => import("./issue/explain-ready.ts").then((m) => m.explainReady),
  },
  {
    name: "issue.claim-next",
    access: "write",
    summary: "Claim the first ready issue that nobody has",
    load: () => import("./issue/claim-next.ts").then((m) => m.claimNext),
  },
  {
    name: "issue.blocked",
    access: "read",
    summary: "List what waits, and for what",
    load: () => import("./issue/blocked.ts").then((m) => m.blockedIssues),
  },
  {
    name: "issue.search",
    access: "read",
    summary: "Find issues by title or id",
    load: () => import("./issue/search.ts").then((m) => m.searchIssues),
  },
  {
    name: "issue.stats",
    access: "read",
    summary: "Count by status, ready and blocked work",
    load: () => import("./issue/stats.ts").then((m) => m.issueStats),
  },
  {
    name: "issue.count",
    access: "read",
    summary: "Count issues, in groups if asked",
    load: () => import("./issue/count.ts").then((m) => m.countMatching),
  },
  {
    name: "dependency.add",
    access: "write",
    summary: "Make issues depend on others",
    load: () => import("./dependency/add.ts").then((m) => m.addDependencies),
  },
  {
    name: "dependency.remove",
    access: "write",
    summary: "Remove a dependency",
    load: () => import("./dependency/remove.ts").then((m) => m.removeDependency),
  },
  {
    name: "dependency.list",
    access: "read",
    summary: "List the dependencies of issues",
    load: () => import("./dependency/list.ts").then((m) => m.listDependencies),
  },
  {
    name: "dependency.tree",
    access: "read",
    summary: "Show all that an issue depends on",
    load: () => import("./dependency/tree.ts").then((m) => m.dependencyTree),
  },
  {
    name: "dependency.cycles",
    access: "read",
    summary: "Find issues that wait for one another",
    load: () => import("./dependency/cycles.ts").then((m) => m.dependencyCycles),
  },
  {
    name: "label.add",
    access: "write",
    summary: "Put a label on issues",
    load: () => import("./label/change-labels.ts").then((m) => m.addLabel),
  },
  {
    name: "label.remove",
    access: "write",
    summary: "Take a label off issues",
    load: () => import("./label/change-labels.ts").then((m) => m.removeLabel),
  },
  {
    name: "label.list",
    access: "read",
    summary: "List the labels of an issue",
    load: () => import("./label/list-labels.ts").then((m) => m.listLabels),
  },
  {
    name: "label.list-all",
    access: "read",
    summary: "List all labels",
    load: () => import("./label/list-labels.ts").then((m) => m.listAllLabels),
  },
  {
    name: "comment.add",
    access: "write",
    summary: "Comment on an issue",
    load: () => import("./comment/add.ts").then((m) => m.addComment),
  },
  {
    name: "comment.list",
    access: "read",
    summary: "List the comments on an issue",
    load: () => import("./comment/list.ts").then((m) => m.listComments),
  },
];
