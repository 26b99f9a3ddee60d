import { expect, test } from "vitest";
import type { RowChange } from "../../../src/core/changes/row-change.ts";
import { keyText } from "../../../src/core/merge/snapshot.ts";
import { reversalOf, type TableChanges } from "../../../src/core/undo/reversal.ts";

type Cells = Readonly<Record<string, unknown>>;

function changeOf(table: string, before: Cells | undefined, after: Cells | undefined): TableChanges {
  const change: RowChange = { before, after };
  return new Map([[table, new Map([[keyText(["bd-1"]), change]])]]);
}

const NOTHING: TableChanges = new Map();
const WAS = { id: "bd-1", title: "Old", priority: 2, updated_at: "1" };
const IS = { id: "bd-1", title: "New", priority: 0, updated_at: "2" };

function reversed(done: TableChanges, since: TableChanges = NOTHING, table = "issues") {
  const { changes, clashes } = reversalOf(done, since);
  return { change: changes.get(table)?.get(keyText(["bd-1"])), clashes: clashes.map(({ field }) => field ?? "row") };
}

test("a row that came goes, one that went comes back, and one that changed is as before", () => {
  expect(reversed(changeOf("issues", undefined, IS))).toEqual({
    change: { before: IS, after: undefined },
    clashes: [],
  });
  expect(reversed(changeOf("issues", WAS, undefined))).toEqual({
    change: { before: undefined, after: WAS },
    clashes: [],
  });
  expect(reversed(changeOf("issues", WAS, IS))).toEqual({ change: { before: IS, after: WAS }, clashes: [] });
});

test("cells that the commit did not touch stay as others made them", () => {
  const before = { ...WAS, notes: "" };
  const after = { ...IS, notes: "" };
  const now = { ...IS, notes: "Theirs", updated_at: "3" };
  expect(reversed(changeOf("issues", before, after), changeOf("issues", after, now))).toEqual({
    change: { before: now, after: { ...WAS, notes: "Theirs", updated_at: "3" } },
    clashes: [],
  });
});

test.each([
  ["a cell that has a third value", WAS, IS, { ...IS, priority: 4 }, ["priority"]],
  ["a row that is gone by now", WAS, IS, undefined, ["row"]],
  ["a row that was made again otherwise", WAS, undefined, IS, ["row"]],
  ["a new row that was changed", undefined, IS, { ...IS, title: "Theirs" }, ["title"]],
])("%s is a clash", (_what, before, after, now, clashes) => {
  expect(reversed(changeOf("issues", before, after), changeOf("issues", after, now)).clashes).toEqual(clashes);
});

test.each([
  ["a cell that is as before", WAS, IS, { ...WAS, updated_at: "3" }],
  ["a new row that is gone", undefined, IS, undefined],
  ["a row that is back", WAS, undefined, { ...WAS, updated_at: "3" }],
])("%s is left alone", (_what, before, after, now) => {
  const found = reversed(changeOf("issues", before, after), changeOf("issues", after, now));
  expect(found).toEqual({ change: undefined, clashes: [] });
});

test("events that were written stay, those that went come back", () => {
  const event = { id: "e", issue_id: "bd-1", comment: "x" };
  expect(reversed(changeOf("events", undefined, event), NOTHING, "events").change).toBeUndefined();
  expect(reversed(changeOf("events", event, undefined), NOTHING, "events").change).toEqual({
    before: undefined,
    after: event,
  });
});
