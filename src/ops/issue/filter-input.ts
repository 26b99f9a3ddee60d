import * as z from "zod/mini";
import type { IssueFilter } from "../../core/issue-filter.ts";
import { parseIssueTypeFilter } from "../../core/issue-type.ts";
import { parsePriority } from "../../core/priority.ts";
import { searchWords } from "../../core/search-words.ts";
import { parseTimeExpression } from "../../core/time-expression.ts";
import { toWireTime } from "../../core/wire-time.ts";
import { BdError } from "../../errors.ts";

const text = z.optional(z.string());
const texts = z.optional(z.array(z.string()));
const yes = z.optional(z.boolean());

/** Filters as people write them: priorities like `P1`, times like `yesterday`. Front ends share this shape. */
export const FilterInput = z.strictObject({
  ids: texts,
  statuses: texts,
  hide_finished: yes,
  hide_closed: yes,
  hide_infra: yes,
  priorities: texts,
  priority_min: text,
  priority_max: text,
  types: texts,
  not_types: texts,
  assignee: text,
  unassigned: yes,
  labels: texts,
  any_label: texts,
  not_labels: texts,
  unlabelled: yes,
  label_pattern: text,
  label_regex: text,
  title: text,
  title_contains: text,
  description_contains: text,
  notes_contains: text,
  external_contains: text,
  text: text,
  spec_prefix: text,
  created_after: text,
  created_before: text,
  updated_after: text,
  updated_before: text,
  closed_after: text,
  closed_before: text,
  due_after: text,
  due_before: text,
  defer_after: text,
  defer_before: text,
  overdue: yes,
  deferred: yes,
  empty_description: yes,
  parent: text,
  no_parent: yes,
  pinned: yes,
  template: yes,
  ephemeral: yes,
  mol_type: text,
  wisp_type: text,
  metadata: z.optional(z.record(z.string(), z.string())),
  metadata_key: text,
});

export type FilterInput = z.infer<typeof FilterInput>;

/** What the server can't look for. */
function checkSearchable({ label_regex: regex, metadata_key: key, metadata = {} }: FilterInput): void {
  if (regex === "") throw new BdError("usage", "INVALID_REGEX", "the regular expression for labels is empty");
  if (key === "") throw new BdError("usage", "BAD_INPUT", "the metadata key is empty");
  // In a path it stands for every key, quoted or not.
  if (Object.hasOwn(metadata, "*")) throw new BdError("usage", "BAD_INPUT", "metadata can't be compared by the key *");
}

/** Checks and converts. Throws BdError usage for bad priorities, times and what can't be looked for. */
export function filterFrom(input: FilterInput, now: Date, zone: string): IssueFilter {
  checkSearchable(input);
  const time = (expression: string | undefined) =>
    expression === undefined ? undefined : toWireTime(parseTimeExpression(expression, now, zone));
  const priority = (value: string | undefined) => (value === undefined ? undefined : parsePriority(value));
  const types = (values: readonly string[] | undefined) => values?.map((value) => parseIssueTypeFilter(value, []));
  return {
    ids: input.ids,
    statuses: input.statuses,
    hideFinished: input.hide_finished,
    hideClosed: input.hide_closed,
    hideInfra: input.hide_infra,
    priorities: input.priorities?.map(parsePriority),
    priorityMin: priority(input.priority_min),
    priorityMax: priority(input.priority_max),
    types: types(input.types),
    notTypes: types(input.not_types),
    assignee: input.assignee,
    unassigned: input.unassigned,
    labels: input.labels,
    anyLabel: input.any_label,
    notLabels: input.not_labels,
    unlabelled: input.unlabelled,
    labelPattern: input.label_pattern,
    labelRegex: input.label_regex,
    title: input.title,
    titleContains: input.title_contains,
    descriptionContains: input.description_contains,
    notesContains: input.notes_contains,
    externalContains: input.external_contains,
    words: input.text === undefined ? undefined : searchWords(input.text),
    specPrefix: input.spec_prefix,
    createdAfter: time(input.created_after),
    createdBefore: time(input.created_before),
    updatedAfter: time(input.updated_after),
    updatedBefore: time(input.updated_before),
    closedAfter: time(input.closed_after),
    closedBefore: time(input.closed_before),
    dueAfter: time(input.due_after),
    dueBefore: time(input.due_before),
    deferAfter: time(input.defer_after),
    deferBefore: time(input.defer_before),
    overdueAt: input.overdue ? toWireTime(now) : undefined,
    deferred: input.deferred,
    emptyDescription: input.empty_description,
    parent: input.parent,
    noParent: input.no_parent,
    pinned: input.pinned,
    template: input.template,
    ephemeral: input.ephemeral,
    molType: input.mol_type,
    wispType: input.wisp_type,
    metadata: input.metadata,
    metadataKey: input.metadata_key,
  };
}
