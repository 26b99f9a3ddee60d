import * as z from "zod/mini";
import { whyNoneFits } from "../../../core/issue/impossible-filter.ts";
import type { IssueFilter } from "../../../core/issue/issue-filter.ts";
import { parseIssueTypeFilter } from "../../../core/issue/issue-type.ts";
import { parsePriority } from "../../../core/issue/priority.ts";
import { searchWords } from "../../../core/issue/search-words.ts";
import { parseTimeExpression, type TimeSense } from "../../../core/time/time-expression.ts";
import type { Zone } from "../../../core/time/time-zone.ts";
import { toWireTime } from "../../../core/time/wire-time.ts";
import { BdError } from "../../../errors.ts";
import type { ReadContext } from "../../context.ts";

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
  /** Assigned to whoever asks. */
  mine: yes,
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

/** An empty list looks like an answer. */
export function sayNoneFits({ note }: Pick<ReadContext, "note">, filter: IssueFilter): void {
  const why = whyNoneFits(filter);
  if (why !== undefined) note(`nothing can fit these filters: ${why}`);
}

/** Only closed issues have been closed at some time, so who asks for that wants to see them. */
function asksForClosed({ closed_after: after, closed_before: before }: FilterInput): boolean {
  return after !== undefined || before !== undefined;
}

/** What the server can't look for. */
function checkSearchable({ label_regex: regex, metadata_key: key, metadata = {} }: FilterInput): void {
  if (regex === "") throw new BdError("usage", "INVALID_REGEX", "the regular expression for labels is empty");
  if (key === "") throw new BdError("usage", "BAD_INPUT", "the metadata key is empty");
  // In a path it stands for every key, quoted or not.
  if (Object.hasOwn(metadata, "*")) throw new BdError("usage", "BAD_INPUT", "metadata can't be compared by the key *");
}

/** Who asks for issues, where and when. */
export interface Asker {
  readonly now: Date;
  readonly zone: Zone;
  /** The actor; only where the filter speaks of them, because asking who it is may take a process. */
  readonly me: string | undefined;
}

export async function askerOf(
  context: Pick<ReadContext, "clock" | "machine" | "actor">,
  { mine }: Pick<FilterInput, "mine">,
): Promise<Asker> {
  const me = mine === true ? (await context.actor()).name : undefined;
  return { now: context.clock(), zone: context.machine.zone, me };
}

/** Checks and converts. Throws BdError usage for bad priorities, times, contradictions and what can't be looked for. */
export function filterFrom(input: FilterInput, { now, zone, me }: Asker): IssueFilter {
  checkSearchable(input);
  if (input.mine === true && (input.assignee !== undefined || input.unassigned === true)) {
    throw new BdError(
      "usage",
      "CONTRADICTING_FLAGS",
      "--mine and another word about the assignee contradict each other",
    );
  }
  const time = (sense: TimeSense) => (expression: string | undefined) =>
    expression === undefined ? undefined : toWireTime(parseTimeExpression(expression, { now, zone, sense }));
  const [past, ahead] = [time("past"), time("ahead")];
  const priority = (value: string | undefined) => (value === undefined ? undefined : parsePriority(value));
  const types = (values: readonly string[] | undefined) => values?.map((value) => parseIssueTypeFilter(value, []));
  return {
    ids: input.ids,
    statuses: input.statuses,
    hideFinished: input.hide_finished && !asksForClosed(input),
    hideClosed: input.hide_closed && !asksForClosed(input),
    hideInfra: input.hide_infra,
    priorities: input.priorities?.map(parsePriority),
    priorityMin: priority(input.priority_min),
    priorityMax: priority(input.priority_max),
    types: types(input.types),
    notTypes: types(input.not_types),
    assignee: me ?? input.assignee,
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
    createdAfter: past(input.created_after),
    createdBefore: past(input.created_before),
    updatedAfter: past(input.updated_after),
    updatedBefore: past(input.updated_before),
    closedAfter: past(input.closed_after),
    closedBefore: past(input.closed_before),
    dueAfter: ahead(input.due_after),
    dueBefore: ahead(input.due_before),
    deferAfter: ahead(input.defer_after),
    deferBefore: ahead(input.defer_before),
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
