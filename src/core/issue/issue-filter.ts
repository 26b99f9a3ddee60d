/**
 * Which issues: one value for list, ready, search and count. Every given condition must hold; lists of values mean
 * "one of these". Times are wire times.
 */
export interface IssueFilter {
  readonly ids?: readonly string[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  /** Leaves out what lists hide by default: closed, pinned, and custom statuses that are done or frozen. */
  readonly hideFinished?: boolean | undefined;
  /** Leaves out closed alone. */
  readonly hideClosed?: boolean | undefined;
  /** Leaves out the types of agents' bookkeeping, as the setting `types.infra` names them. */
  readonly hideInfra?: boolean | undefined;
  readonly priorities?: readonly number[] | undefined;
  readonly priorityMin?: number | undefined;
  readonly priorityMax?: number | undefined;
  readonly types?: readonly string[] | undefined;
  readonly notTypes?: readonly string[] | undefined;
  readonly assignee?: string | undefined;
  /** Assigned to that name or to nobody. */
  readonly freeFor?: string | undefined;
  readonly unassigned?: boolean | undefined;
  /** All of them. */
  readonly labels?: readonly string[] | undefined;
  /** At least one of them. */
  readonly anyLabel?: readonly string[] | undefined;
  readonly notLabels?: readonly string[] | undefined;
  readonly unlabelled?: boolean | undefined;
  /** A label that matches, with `*` and `?`. */
  readonly labelPattern?: string | undefined;
  /** A label that matches this regular expression. */
  readonly labelRegex?: string | undefined;
  readonly title?: string | undefined;
  readonly titleContains?: string | undefined;
  readonly descriptionContains?: string | undefined;
  readonly notesContains?: string | undefined;
  readonly externalContains?: string | undefined;
  /** Each of them somewhere in its texts or comments. */
  readonly words?: readonly string[] | undefined;
  readonly specPrefix?: string | undefined;
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
  readonly updatedAfter?: string | undefined;
  readonly updatedBefore?: string | undefined;
  readonly closedAfter?: string | undefined;
  readonly closedBefore?: string | undefined;
  readonly dueAfter?: string | undefined;
  readonly dueBefore?: string | undefined;
  readonly deferAfter?: string | undefined;
  readonly deferBefore?: string | undefined;
  /** Not put off any more at this time (`rests`). */
  readonly awakeAt?: string | undefined;
  /** Due before this time and not closed. */
  readonly overdueAt?: string | undefined;
  /** Status deferred, or a defer date. */
  readonly deferred?: boolean | undefined;
  readonly emptyDescription?: boolean | undefined;
  /** Direct children of it. */
  readonly parent?: string | undefined;
  readonly noParent?: boolean | undefined;
  readonly pinned?: boolean | undefined;
  readonly template?: boolean | undefined;
  readonly ephemeral?: boolean | undefined;
  readonly molType?: string | undefined;
  readonly wispType?: string | undefined;
  /** Top-level metadata that equals a text. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly metadataKey?: string | undefined;
}

export const SORT_FIELDS = [
  "priority",
  "created",
  "updated",
  "closed",
  "status",
  "id",
  "title",
  "type",
  "assignee",
] as const;

export type SortField = (typeof SORT_FIELDS)[number];

export interface IssueOrder {
  readonly field: SortField;
  readonly reverse: boolean;
}
