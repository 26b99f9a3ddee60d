import * as z from "zod/mini";
import type { Comment, Dependency } from "../issue/issue.ts";
import { cursorText, EVENT_CURSOR } from "./cursor.ts";

/** How one field, or one setting, differs; null where it is not set. */
export interface ValueChange {
  readonly old: unknown;
  readonly new: unknown;
}

/** By field of an issue or a setting, in the wire's words and values; a column that the wire does not know has its own name. */
export type FieldChanges = Readonly<Record<string, ValueChange>>;

/**
 * In steps, in the order in which they happen to a tracker: what hangs on an issue goes before the issue goes, and comes
 * when all issues are there. So nobody who follows ever holds a part of something that is not there.
 */
export const CHANGE_STEPS = [
  ["config_changed"],
  ["unlabeled", "dependency_removed", "comment_removed"],
  ["deleted"],
  ["created", "updated", "closed", "reopened", "claimed"],
  ["labeled", "dependency_added", "commented"],
] as const;

/** The issue that a change belongs to. */
interface OfIssue {
  readonly issue_id: string;
  /** As it is now; of an issue that is gone, the last that it had. Empty where nobody knows the issue. */
  readonly title: string;
}

/** `changes` has all that is set of an issue that is new or gone. */
export interface IssueChange extends OfIssue {
  readonly type: "created" | "updated" | "closed" | "reopened" | "claimed" | "deleted";
  readonly changes: FieldChanges;
  /** Of a deleted one: the id under which it lives on. */
  readonly moved_to?: string;
  /** Of a created one: the id that it had before. */
  readonly moved_from?: string;
}

export interface LabelChange extends OfIssue {
  readonly type: "labeled" | "unlabeled";
  readonly label: string;
  /** Values of columns that other programs added to the table. */
  readonly columns?: Readonly<Record<string, unknown>>;
}

export interface DependencyChange extends OfIssue {
  readonly type: "dependency_added" | "dependency_removed";
  readonly dependency: Dependency;
}

export interface CommentChange extends OfIssue {
  readonly type: "commented" | "comment_removed";
  readonly comment: Comment;
}

/** The field is `value`, which may be a secret. */
export interface SettingChange {
  readonly type: "config_changed";
  readonly key: string;
  readonly changes: FieldChanges;
}

/**
 * One difference between two states of a tracker. What was changed in place, of all but an issue's own fields, goes and
 * comes again: an edited comment is `comment_removed` and `commented` with one id.
 */
export type Change = IssueChange | LabelChange | DependencyChange | CommentChange | SettingChange;

/** The commit of a change. */
export interface CommitFacts {
  readonly hash: string;
  /** Whose parents are the states that it was made from; of a merge, ours first. */
  readonly parents: readonly string[];
  /** Wire time. */
  readonly at: string;
  /** Of a merge, who merged. */
  readonly actor: string;
  /** The operation id, where the change is one of ours. */
  readonly op?: string;
}

/** How events came in that nobody made here. */
export type Via = "pull";

export type ChangeEvent = Change & {
  /** How far whoever read this one is; see `Cursor`. */
  readonly cursor: string;
  readonly at: string;
  readonly actor: string;
  readonly op?: string;
  readonly via?: Via;
};

/** What is known of a comparison that gave changes. */
export interface Comparison {
  /** The commit that the changes end at. */
  readonly commit: CommitFacts;
  /** The one that they begin at. */
  readonly from: string;
  readonly via?: Via | undefined;
}

/** The changes between two commits, in their order, as events. */
export function eventsOf(changes: readonly Change[], { commit, from, via }: Comparison): ChangeEvent[] {
  const { hash, at, actor, op, parents } = commit;
  const range = from === parents[0] ? { commit: hash } : { commit: hash, from };
  return changes.map((change, index) => ({
    cursor: cursorText({ ...range, read: index + 1 }),
    at,
    actor,
    ...change,
    ...(op === undefined ? {} : { op }),
    ...(via === undefined ? {} : { via }),
  }));
}

const OF_COMMIT = {
  cursor: z.string().check(z.regex(EVENT_CURSOR)),
  at: z.iso.datetime(),
  actor: z.string(),
  op: z.optional(z.string()),
  via: z.optional(z.literal("pull")),
};
const OF_ISSUE = { issue_id: z.string(), title: z.string() };
const CHANGES = z.record(z.string(), z.looseObject({ old: z.unknown(), new: z.unknown() }));

function schemaWith(beside: Readonly<Record<string, z.ZodMiniType>>) {
  const ofIssue = { ...beside, ...OF_ISSUE };
  return z.discriminatedUnion("type", [
    z.looseObject({
      ...ofIssue,
      type: z.enum(["created", "updated", "closed", "reopened", "claimed", "deleted"]),
      changes: CHANGES,
      moved_to: z.optional(z.string()),
      moved_from: z.optional(z.string()),
    }),
    z.looseObject({
      ...ofIssue,
      type: z.enum(["labeled", "unlabeled"]),
      label: z.string(),
      columns: z.optional(z.record(z.string(), z.unknown())),
    }),
    z.looseObject({
      ...ofIssue,
      type: z.enum(["dependency_added", "dependency_removed"]),
      dependency: z.looseObject({
        issue_id: z.string(),
        depends_on_id: z.string(),
        type: z.string(),
        created_at: z.string(),
        created_by: z.optional(z.string()),
        metadata: z.optional(z.string()),
        thread_id: z.optional(z.string()),
      }),
    }),
    z.looseObject({
      ...ofIssue,
      type: z.enum(["commented", "comment_removed"]),
      comment: z.looseObject({
        id: z.string(),
        issue_id: z.string(),
        author: z.string(),
        text: z.string(),
        created_at: z.string(),
      }),
    }),
    z.looseObject({ ...beside, type: z.literal("config_changed"), key: z.string(), changes: CHANGES }),
  ]);
}

/** A `Change` as JSON. Loose, so that readers bear with what is added later. */
export const changeSchema = schemaWith({});

/** A `ChangeEvent` as JSON. */
export const changeEventSchema = schemaWith(OF_COMMIT);
