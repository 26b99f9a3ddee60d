import { expect, test } from "vitest";
import type { Change } from "../../../src/core/changes/change-event.ts";
import { issueReports } from "../../../src/core/changes/issue-report.ts";
import { ISSUE_FIELDS } from "../../../src/core/issue/issue.ts";

const NONE = {
  labels: { added: [], removed: [] },
  comments: { added: 0, removed: 0 },
  dependencies: { added: 0, removed: 0 },
};
const NO_MOVES = new Map<string, string>();
const ONE = { issue_id: "x-1", title: "One" };

test.each(ISSUE_FIELDS.map(({ name }) => name).filter((name) => name !== "id" && name !== "updated_at"))(
  "an issue of which only %s differs is reported",
  (field) => {
    const changes: Change[] = [{ type: "updated", ...ONE, changes: { [field]: { old: null, new: "x" } } }];

    expect(issueReports(changes, NO_MOVES)).toMatchObject([{ id: "x-1", kind: "changed", fields: [{ field }] }]);
  },
);

test("a new time of change alone is no news, and neither is what follows from what is said", () => {
  const touched: Change = { type: "updated", ...ONE, changes: { updated_at: { old: "a", new: "b" } } };
  const closed: Change = {
    type: "closed",
    ...ONE,
    changes: {
      status: { old: "open", new: "closed" },
      updated_at: { old: "a", new: "b" },
      closed_at: { old: null, new: "b" },
      close_reason: { old: null, new: "Done" },
    },
  };

  expect(issueReports([touched], NO_MOVES)).toEqual([]);
  expect(issueReports([closed], NO_MOVES)).toEqual([
    { id: "x-1", kind: "changed", title: "One", fields: [{ field: "status", from: "open", to: "closed" }], ...NONE },
  ]);
});

test("an issue that moved is one, with what else became of it; who has its old id is new", () => {
  const moves = new Map([["x-1", "x-2"]]);
  const values = (title: string, side: "old" | "new") => ({
    title: side === "old" ? { old: title, new: null } : { old: null, new: title },
  });
  const changes: Change[] = [
    { type: "unlabeled", ...ONE, label: "stays" },
    { type: "unlabeled", ...ONE, label: "goes" },
    { type: "deleted", ...ONE, changes: values("One", "old"), moved_to: "x-2" },
    { type: "created", issue_id: "x-1", title: "Other", changes: values("Other", "new") },
    { type: "created", issue_id: "x-2", title: "Uno", changes: values("Uno", "new"), moved_from: "x-1" },
    { type: "labeled", issue_id: "x-2", title: "Uno", label: "stays" },
  ];

  expect(issueReports(changes, moves)).toEqual([
    { id: "x-1", kind: "added", title: "Other", fields: [], ...NONE },
    {
      id: "x-2",
      kind: "changed",
      title: "Uno",
      fields: [{ field: "title", from: "One", to: "Uno" }],
      ...NONE,
      labels: { added: [], removed: ["goes"] },
    },
  ]);
});
