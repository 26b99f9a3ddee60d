import type { IssueFilter } from "./issue-filter.ts";

/** Why no issue can ever fit a filter, as a sentence; undefined where one could. */
export function whyNoneFits(filter: IssueFilter): string | undefined {
  return reasonsWhyNot(filter)[0];
}

function reasonsWhyNot(filter: IssueFilter): string[] {
  const { priorities, priorityMin = 0, priorityMax = 4, statuses, labels = [], notLabels = [] } = filter;
  const inRange = (priority: number) => priority >= priorityMin && priority <= priorityMax;
  const closedOnly = filter.closedAfter !== undefined || filter.closedBefore !== undefined;
  const types = filter.types?.filter((type) => !(filter.notTypes ?? []).includes(type));
  return [
    ...spans(filter).flatMap(([name, after, before]) => emptySpan(name, after, before)),
    ...when(priorityMin > priorityMax, "there is no priority between the two bounds"),
    ...when(priorities?.some(inRange) === false, "the priorities lie outside of the bounds"),
    ...when(statuses?.length === 0, "no issue of that status is ready"),
    ...when(closedOnly && statuses?.includes("closed") === false, "only closed issues have a time of closing"),
    ...when(
      filter.overdueAt !== undefined && statuses?.every((status) => status === "closed") === true,
      "what is closed is not overdue",
    ),
    ...when(types?.length === 0, "every type that is asked for is left out"),
    ...when(filter.unassigned === true && filter.assignee !== undefined, "what is assigned to nobody has no assignee"),
    ...when(
      filter.unlabelled === true && (labels.length > 0 || filter.anyLabel !== undefined),
      "no labels are asked for",
    ),
    ...when(
      labels.some((label) => notLabels.includes(label)),
      "a label is asked for and left out",
    ),
    ...when(
      filter.emptyDescription === true && (filter.descriptionContains ?? "") !== "",
      "an empty description holds no text",
    ),
    ...when(filter.noParent === true && filter.parent !== undefined, "what has no parent is below none"),
  ];
}

function when(condition: boolean, reason: string): string[] {
  return condition ? [reason] : [];
}

type Span = readonly [name: string, after: string | undefined, before: string | undefined];

function spans(filter: IssueFilter): readonly Span[] {
  return [
    ["created", filter.createdAfter, filter.createdBefore],
    ["updated", filter.updatedAfter, filter.updatedBefore],
    ["closed", filter.closedAfter, filter.closedBefore],
    ["due", filter.dueAfter, filter.dueBefore],
    ["deferred", filter.deferAfter, filter.deferBefore],
  ];
}

/** Wire times sort as text, and are whole seconds; neither bound is within. */
function emptySpan(name: string, after: string | undefined, before: string | undefined): string[] {
  if (after === undefined || before === undefined || after < before) return [];
  return [`nothing is ${name} after ${after} and before ${before}`];
}
