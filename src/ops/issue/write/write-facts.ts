import { eventValue, IMPORTED, type IssueEvent } from "../../../core/event-row.ts";
import { hashedUuid } from "../../../core/hashed-uuid.ts";
import { contentHash } from "../../../core/issue/content-hash.ts";
import { ISSUE_FIELDS, type Issue } from "../../../core/issue/issue.ts";
import { withAllDigits, withSortedKeys } from "../../../core/json/go-json.ts";
import type { StoredIssue } from "../../../core/jsonl/compare-issue.ts";
import { TOMBSTONES } from "../../../core/merge/known-issues.ts";
import { deleteComment } from "../../../store/queries/comment-rows.ts";
import { tableNames } from "../../../store/queries/database-contents.ts";
import { birthRows, deleteEdgesTo, deleteIssues } from "../../../store/queries/deletion.ts";
import { takenCommentIds } from "../../../store/queries/import-facts.ts";
import { replaceIssues } from "../../../store/queries/import-writes.ts";
import { ISSUE_TABLES } from "../../../store/queries/tables.ts";
import { insertNamedEvents, type NamedEvent } from "../../../store/queries/write-events.ts";
import {
  deleteDependency,
  deleteLabels,
  ISSUES,
  insertComments,
  insertDependencies,
  insertIssues,
  insertLabels,
} from "../../../store/queries/write-issues.ts";
import type { Query } from "../../../store/query.ts";
import type { Reader } from "../../../store/session-types.ts";
import { labelEvent } from "./plan-update.ts";
import { tombstonesOf } from "./remember-deleted.ts";
import { statusEvent } from "./status-effects.ts";

/** What is so elsewhere, and is to be so here: no rule of ours is asked about it. */
export interface Facts {
  readonly changed: readonly { readonly before: StoredIssue | undefined; readonly after: StoredIssue }[];
  readonly deleted: readonly { readonly id: string }[];
}

/** Where facts come from. */
export interface FactSource {
  /** The actor of the events. */
  readonly actor: string;
  /** Names the events together with what they tell: the same change is the same events everywhere. */
  readonly origin: string;
}

const ISSUES_PER_PACKET = 200;

/** Writes facts, with their events. */
export async function writeFacts(tx: Reader, { changed, deleted }: Facts, source: FactSource): Promise<void> {
  for (let start = 0; start < changed.length; start += ISSUES_PER_PACKET) {
    const page = await withFreeCommentIds(tx, changed.slice(start, start + ISSUES_PER_PACKET));
    await tx.all(writesOf(page, source));
  }
  if (deleted.length === 0) return;
  const ids = deleted.map(({ id }) => id);
  const [births, tables] = await tx.all([birthRows(ids), tableNames]);
  const remembered = tables.includes(TOMBSTONES) ? tombstonesOf(births) : [];
  await tx.all([...remembered, ...deleteEdgesTo(ids), ...deleteIssues(ISSUE_TABLES, ids)]);
}

type Change = Facts["changed"][number];

/** A comment may stand with another issue already: both keep theirs. */
async function withFreeCommentIds(tx: Reader, changes: readonly Change[]): Promise<readonly Change[]> {
  const added = changes.flatMap(({ before, after }) => newParts(before?.comments, after.comments, partKey));
  if (added.length === 0) return changes;
  const [taken] = await tx.all([takenCommentIds(added.map(({ id }) => id))]);
  const own = new Set(changes.flatMap(({ before }) => before?.comments.map(({ id }) => id) ?? []));
  const others = new Set(taken.filter((id) => !own.has(id)));
  if (others.size === 0) return changes;
  return changes.map(({ before, after }) => {
    const comments = after.comments.map((comment) =>
      others.has(comment.id)
        ? { ...comment, id: hashedUuid("comment", [comment.id, after.issue.id, after.issue.created_at]) }
        : comment,
    );
    return { before, after: { ...after, comments } };
  });
}

function writesOf(changes: readonly Change[], source: FactSource): Query<number>[] {
  const created = changes.filter(({ before }) => before === undefined).map(({ after }) => after.issue);
  const replaced = changes.filter(
    ({ before, after }) => before !== undefined && changedFields(before, after).length > 0,
  );
  const labels = changes.flatMap(({ before, after }) =>
    newParts(before?.labels, after.labels, String).map((label) => ({ issue_id: after.issue.id, label })),
  );
  const edges = changes.flatMap(({ before, after }) => newParts(before?.dependencies, after.dependencies, partKey));
  const comments = changes.flatMap(({ before, after }) => newParts(before?.comments, after.comments, partKey));
  const hashed = created.map((issue) => ({ issue, contentHash: contentHash(issue, metadataText(issue)) }));
  const events = changes.flatMap((change) => eventsOf(change, source));
  return [
    ...changes.flatMap(removals),
    ...(created.length > 0 ? [insertIssues(ISSUES, hashed)] : []),
    ...(replaced.length > 0
      ? [
          replaceIssues(
            ISSUES,
            replaced.map(({ after }) => after.issue),
          ),
        ]
      : []),
    ...(labels.length > 0 ? [insertLabels(ISSUES, labels)] : []),
    ...(edges.length > 0 ? [insertDependencies(ISSUES, edges)] : []),
    ...(comments.length > 0 ? [insertComments(ISSUES, comments)] : []),
    ...(events.length > 0 ? [insertNamedEvents(ISSUES, events)] : []),
  ];
}

/** What goes, and what stands in the way of its new form. */
function removals({ before, after }: Change): Query<number>[] {
  if (before === undefined) return [];
  const { id } = after.issue;
  const labels = newParts(after.labels, before.labels, String);
  return [
    ...(labels.length > 0 ? [deleteLabels(ISSUES, id, labels)] : []),
    ...newParts(after.dependencies, before.dependencies, partKey).map((edge) =>
      deleteDependency(ISSUES, { issueId: id, dependsOnId: edge.depends_on_id }),
    ),
    ...newParts(after.comments, before.comments, partKey).map((comment) => deleteComment(ISSUE_TABLES, comment.id)),
  ];
}

function newParts<T>(before: readonly T[] | undefined, after: readonly T[], key: (part: T) => string): T[] {
  const known = new Set(before?.map(key));
  return after.filter((part) => !known.has(key(part)));
}

function partKey(part: object): string {
  return withAllDigits(withSortedKeys(part));
}

function metadataText({ metadata }: Issue): string {
  return metadata === undefined ? "" : withAllDigits(metadata);
}

export function changedFields(before: StoredIssue, after: StoredIssue): string[] {
  const text = (issue: Issue, name: keyof Issue) => withAllDigits(withSortedKeys(issue[name] ?? null));
  return ISSUE_FIELDS.map(({ name }) => name).filter((name) => text(before.issue, name) !== text(after.issue, name));
}

function eventsOf({ before, after }: Change, { actor, origin }: FactSource): NamedEvent[] {
  const { id, updated_at: at } = after.issue;
  const named = (event: Omit<IssueEvent, "issue_id">, what: string): NamedEvent => {
    return { ...event, issue_id: id, id: hashedUuid("sync", [origin, id, what]), actor, at };
  };
  if (before === undefined) return [named({ event_type: "created", comment: IMPORTED }, "created")];
  const fields = changedFields(before, after).filter((name) => name !== "updated_at");
  const told = Object.fromEntries(Object.entries(after.issue).filter(([name]) => fields.includes(name)));
  const type = statusEvent(before.issue.status, after.issue.status);
  const values = { old_value: eventValue(before.issue), new_value: eventValue(told) };
  return [
    ...(fields.length > 0 ? [named({ event_type: type, ...values }, fields.join(" "))] : []),
    ...newParts(before.labels, after.labels, String).map((label) =>
      named(labelEvent(id, "label_added", label), `label_added ${label}`),
    ),
    ...newParts(after.labels, before.labels, String).map((label) =>
      named(labelEvent(id, "label_removed", label), `label_removed ${label}`),
    ),
  ];
}
