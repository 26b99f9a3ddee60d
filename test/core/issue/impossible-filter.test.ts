import { describe, expect, test } from "vitest";
import { whyNoneFits } from "../../../src/core/issue/impossible-filter.ts";

const [EARLY, LATE] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];

describe("a filter that no issue can fit", () => {
  test.each([
    [{ createdAfter: LATE, createdBefore: EARLY }, `nothing is created after ${LATE} and before ${EARLY}`],
    [{ updatedAfter: EARLY, updatedBefore: EARLY }, `nothing is updated after ${EARLY} and before ${EARLY}`],
    [{ closedAfter: LATE, closedBefore: EARLY }, `nothing is closed after ${LATE} and before ${EARLY}`],
    [{ dueAfter: LATE, dueBefore: EARLY }, `nothing is due after ${LATE} and before ${EARLY}`],
    [{ deferAfter: LATE, deferBefore: EARLY }, `nothing is deferred after ${LATE} and before ${EARLY}`],
    [{ priorityMin: 3, priorityMax: 1 }, "there is no priority between the two bounds"],
    [{ priorities: [0, 1], priorityMin: 2 }, "the priorities lie outside of the bounds"],
    [{ statuses: [] }, "no issue of that status is ready"],
    [{ statuses: ["open"], closedAfter: EARLY }, "only closed issues have a time of closing"],
    [{ statuses: ["closed"], overdueAt: EARLY }, "what is closed is not overdue"],
    [{ types: ["bug"], notTypes: ["bug", "gate"] }, "every type that is asked for is left out"],
    [{ unassigned: true, assignee: "bob" }, "what is assigned to nobody has no assignee"],
    [{ unlabelled: true, labels: ["a"] }, "no labels are asked for"],
    [{ labels: ["a", "b"], notLabels: ["b"] }, "a label is asked for and left out"],
    [{ emptyDescription: true, descriptionContains: "x" }, "an empty description holds no text"],
    [{ noParent: true, parent: "bd-1" }, "what has no parent is below none"],
  ])("%j is told why", (filter, why) => {
    expect(whyNoneFits(filter)).toBe(why);
  });

  test.each([
    [{}],
    [{ createdAfter: EARLY, createdBefore: LATE, updatedAfter: LATE }],
    [{ priorities: [1, 4], priorityMin: 2, priorityMax: 4 }],
    [{ statuses: ["open", "closed"], closedAfter: EARLY, overdueAt: LATE }],
    [{ types: ["bug", "task"], notTypes: ["bug"] }],
    [{ labels: ["a"], notLabels: ["b"], unassigned: true }],
    [{ statuses: undefined, priorities: undefined, types: undefined }],
  ])("%j could fit", (filter) => {
    expect(whyNoneFits(filter)).toBeUndefined();
  });
});
