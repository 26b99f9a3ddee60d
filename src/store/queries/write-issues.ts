import type { Comment, Dependency, Issue, IssueField } from "../../core/issue/issue.ts";
import { ISSUE_FIELDS } from "../../core/issue/issue.ts";
import { fromWireTime } from "../../core/time/wire-time.ts";
import { build, write } from "../builder.ts";
import type { Query } from "../query.ts";
import type { DependenciesTable, IssuesTable } from "../schema.ts";
import type { SqlValue } from "../sql.ts";
import { columnFromField, rowFromIssue } from "./issue-rows.ts";

/** The names of a family's tables, as the builder wants them. */
export interface FamilyNames {
  readonly issues: "issues" | "wisps";
  readonly labels: "labels" | "wisp_labels";
  readonly dependencies: "dependencies" | "wisp_dependencies";
  readonly comments: "comments" | "wisp_comments";
  readonly events: "events" | "wisp_events";
}

export const ISSUES: FamilyNames = {
  issues: "issues",
  labels: "labels",
  dependencies: "dependencies",
  comments: "comments",
  events: "events",
};

export const WISPS: FamilyNames = {
  issues: "wisps",
  labels: "wisp_labels",
  dependencies: "wisp_dependencies",
  comments: "wisp_comments",
  events: "wisp_events",
};

/** An issue to be inserted, with the hash of its content. */
export interface NewIssue {
  readonly issue: Issue;
  readonly contentHash: string;
}

export function insertIssues(family: FamilyNames, issues: readonly NewIssue[]): Query<number> {
  return write(build.insertInto(family.issues).values(issues.map(newIssueRow)));
}

export function newIssueRow({ issue, contentHash }: NewIssue): IssuesTable {
  return { ...rowFromIssue(issue), content_hash: contentHash, source_repo: "" };
}

/** What changes of an issue: a field that is undefined is cleared. */
export type IssuePatch = { readonly [Name in keyof Issue]?: Issue[Name] | undefined };

/** Sets the given fields. The answer tells whether the issue is there. */
export function updateIssue(family: FamilyNames, id: string, patch: IssuePatch): Query<number> {
  return write(build.updateTable(family.issues).set(columnsOfPatch(patch)).where("id", "=", id));
}

function columnsOfPatch(patch: IssuePatch): Partial<IssuesTable> {
  const fields = ISSUE_FIELDS.filter(({ name }) => Object.hasOwn(patch, name));
  const columns = fields.map((field: IssueField): [string, SqlValue] => [
    field.column,
    columnFromField(field, patch[field.name]),
  ]);
  return Object.fromEntries(columns);
}

export function insertLabels(
  family: FamilyNames,
  labels: readonly { readonly issue_id: string; readonly label: string }[],
): Query<number> {
  return write(
    build
      .insertInto(family.labels)
      .ignore()
      .values([...labels]),
  );
}

export function deleteLabels(family: FamilyNames, issueId: string, labels: readonly string[]): Query<number> {
  return write(
    build
      .deleteFrom(family.labels)
      .where("issue_id", "=", issueId)
      .where("label", "in", [...labels]),
  );
}

export function insertDependencies(family: FamilyNames, edges: readonly Dependency[]): Query<number> {
  return write(build.insertInto(family.dependencies).values(edges.map(dependencyRow)));
}

function dependencyRow(edge: Dependency): DependenciesTable {
  return {
    issue_id: edge.issue_id,
    depends_on_id: edge.depends_on_id,
    type: edge.type,
    created_at: fromWireTime(edge.created_at),
    created_by: edge.created_by ?? "",
    metadata: edge.metadata ?? null,
    thread_id: edge.thread_id ?? "",
  };
}

export interface DeletedEdge {
  readonly issueId: string;
  readonly dependsOnId: string;
  /** Default: of any type. */
  readonly type?: string | undefined;
}

export function deleteDependency(family: FamilyNames, { issueId, dependsOnId, type }: DeletedEdge): Query<number> {
  const edge = build
    .deleteFrom(family.dependencies)
    .where("issue_id", "=", issueId)
    .where("depends_on_id", "=", dependsOnId);
  return write(type === undefined ? edge : edge.where("type", "=", type));
}

export function insertComments(family: FamilyNames, comments: readonly Comment[]): Query<number> {
  return write(
    build
      .insertInto(family.comments)
      .values(comments.map((comment) => ({ ...comment, created_at: fromWireTime(comment.created_at) }))),
  );
}

/** Remembers the last ordinal given to a child of `parentId`. */
export function saveChildCounter(parentId: string, lastChild: number): Query<number> {
  return write(
    build
      .insertInto("child_counters")
      .values({ parent_id: parentId, last_child: lastChild })
      .onDuplicateKeyUpdate({ last_child: lastChild }),
  );
}

/** Remembers the last number given to an id of `prefix`, in a project that numbers its issues. */
export function saveIssueCounter(prefix: string, lastId: number): Query<number> {
  return write(
    build.insertInto("issue_counter").values({ prefix, last_id: lastId }).onDuplicateKeyUpdate({ last_id: lastId }),
  );
}
