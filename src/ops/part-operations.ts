import type { OperationEntry } from "./operation.ts";

/** What is done with what hangs on issues: edges, labels, comments, states. */
export const PART_OPERATIONS: readonly OperationEntry[] = [
  {
    name: "state.get",
    access: "read",
    summary: "Show one state of an issue",
    load: () => import("./state/get.ts").then((m) => m.getState),
  },
  {
    name: "state.list",
    access: "read",
    summary: "Show all states of an issue",
    load: () => import("./state/get.ts").then((m) => m.listStates),
  },
  {
    name: "state.set",
    access: "write",
    summary: "Set one state of an issue",
    load: () => import("./state/set.ts").then((m) => m.setState),
  },
  {
    name: "dependency.add",
    access: "write",
    summary: "Make an issue depend on another",
    load: () => import("./dependency/add.ts").then((m) => m.addDependencies),
  },
  {
    name: "dependency.add-all",
    access: "write",
    summary: "Make issues depend on others, all or none",
    load: () => import("./dependency/add.ts").then((m) => m.addAllDependencies),
  },
  {
    name: "dependency.block",
    access: "write",
    summary: "Make an issue wait for another",
    load: () => import("./dependency/add.ts").then((m) => m.blockIssue),
  },
  {
    name: "dependency.remove",
    access: "write",
    summary: "Remove a dependency",
    load: () => import("./dependency/remove.ts").then((m) => m.removeDependency),
  },
  {
    name: "dependency.relate",
    access: "write",
    summary: "Say that two issues have to do with one another",
    load: () => import("./dependency/relate.ts").then((m) => m.relateIssues),
  },
  {
    name: "dependency.unrelate",
    access: "write",
    summary: "Say that two issues have nothing to do with one another",
    load: () => import("./dependency/relate.ts").then((m) => m.unrelateIssues),
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
    name: "comment.edit",
    access: "write",
    summary: "Change a comment",
    load: () => import("./comment/change.ts").then((m) => m.editComment),
  },
  {
    name: "comment.delete",
    access: "write",
    summary: "Delete a comment",
    load: () => import("./comment/change.ts").then((m) => m.removeComment),
  },
  {
    name: "comment.list",
    access: "read",
    summary: "List the comments on an issue",
    load: () => import("./comment/list.ts").then((m) => m.listComments),
  },
];
