import { describe, expect, test } from "vitest";
import type { CellDates, Row } from "../../../src/core/merge/cell.ts";
import { mergeRow } from "../../../src/core/merge/merge-row.ts";
import type { RowContest } from "../../../src/core/merge/row-contest.ts";
import { columnsOf } from "./any-row.ts";

const EARLY = "2026-02-01 10:00:00.000";
const MIDDLE = "2026-02-02 10:00:00.000";
const LATE = "2026-02-03 10:00:00.000";

const BASE: Row = {
  id: "bd-1",
  title: "Fix the door",
  description: "",
  design: "",
  acceptance_criteria: "",
  notes: "",
  status: "open",
  priority: 2,
  assignee: null,
  created_at: "2026-01-01 00:00:00",
  created_by: "ann",
  updated_at: "2026-01-01 00:00:00",
  closed_at: null,
  close_reason: "",
  closed_by_session: "",
  compaction_level: 0,
  compacted_at: null,
  compacted_at_commit: null,
  original_size: null,
  metadata: "{}",
};

const CLOSED = { status: "closed", closed_at: "2026-01-05 00:00:00", close_reason: "done", closed_by_session: "s1" };

/** All cells of a side changed at one time. */
function at(date: string | undefined): CellDates {
  return Object.fromEntries(Object.keys(BASE).map((column) => [column, date]));
}

type Case = Omit<Partial<RowContest>, "dates" | "base" | "ours" | "theirs"> & {
  readonly base?: Row;
  readonly ours: Row;
  readonly theirs: Row;
  readonly times?: readonly [string | undefined, string | undefined];
};

/** Merges changes to the base from both ends, and fails when they come to different rows. */
function merge({ base = {}, ours, theirs, times = [EARLY, LATE], ...rest }: Case) {
  const whole = { ...BASE, ...base };
  const sides = { ours: { ...whole, ...ours }, theirs: { ...whole, ...theirs } };
  const here = mergeRow("issues", {
    base: whole,
    ...sides,
    dates: { ours: at(times[0]), theirs: at(times[1]) },
    ...rest,
  });
  const there = mergeRow("issues", {
    base: whole,
    ours: sides.theirs,
    theirs: sides.ours,
    dates: { ours: at(times[1]), theirs: at(times[0]) },
    reopened: { ours: rest.reopened?.theirs, theirs: rest.reopened?.ours },
    prefer: rest.prefer === undefined ? undefined : rest.prefer === "ours" ? "theirs" : "ours",
  });
  expect(there.row).toEqual(here.row);
  return here;
}

describe("a cell", () => {
  test("that one side changed is that side's, whatever the other side changed", () => {
    const { row, settled } = merge({ ours: { priority: 0 }, theirs: { assignee: "bob" } });

    expect(row).toMatchObject({ priority: 0, assignee: "bob" });
    expect(settled).toEqual([]);
  });

  test("that both changed is the later one's", () => {
    const { row, settled } = merge({ ours: { priority: 0 }, theirs: { priority: 1 } });

    expect(row["priority"]).toBe(1);
    expect(settled).toEqual([{ field: "priority", winner: "theirs", why: "later" }]);
  });

  test("that both changed at the same time is the larger", () => {
    const { row, settled } = merge({ ours: { assignee: "bob" }, theirs: { assignee: "ann" }, times: [LATE, LATE] });

    expect(row["assignee"]).toBe("bob");
    expect(settled).toEqual([{ field: "assignee", winner: "ours", why: "larger" }]);
  });

  test("with a date beats one without", () => {
    const { row } = merge({ ours: { priority: 0 }, theirs: { priority: 1 }, times: [EARLY, undefined] });

    expect(row["priority"]).toBe(0);
  });

  test("that one side cleared later is cleared, and NULL is the smallest value", () => {
    const cleared = { ours: { assignee: "bob" }, theirs: { assignee: null }, base: { assignee: "ann" } };

    expect(merge(cleared).row["assignee"]).toBeNull();
    expect(merge({ ...cleared, times: [LATE, LATE] }).row["assignee"]).toBe("bob");
  });

  test("that both changed is the preferred side's when the strategy names one", () => {
    const { row, settled } = merge({ ours: { priority: 0 }, theirs: { priority: 1 }, prefer: "ours" });

    expect(row["priority"]).toBe(0);
    expect(settled).toEqual([{ field: "priority", winner: "ours", why: "chosen" }]);
  });

  test("updated_at is the larger, whoever changed it later", () => {
    const { row } = merge({
      ours: { updated_at: "2026-01-09 00:00:00" },
      theirs: { updated_at: "2026-01-08 00:00:00" },
      prefer: "theirs",
    });

    expect(row["updated_at"]).toBe("2026-01-09 00:00:00");
  });
});

const SPECIAL =
  /^(id|created_at|status|closed_at|close_reason|closed_by_session|updated_at|metadata|compact.*|original_size)$/;
const PLAIN = Object.entries(columnsOf("issues")).filter(([column]) => !SPECIAL.test(column));

test.each(PLAIN)("the column %s follows the later change", (column, { type }) => {
  const [before, first, second] = type.includes("int") ? [1, 3, 2] : ["2026-01-01", "2026-01-03", "2026-01-02"];
  const [base, ours, theirs] = [{ [column]: before }, { [column]: first }, { [column]: second }];

  const { row } = mergeRow("issues", {
    base,
    ours,
    theirs,
    dates: { ours: { [column]: EARLY }, theirs: { [column]: LATE } },
  });

  expect(row).toEqual({ [column]: second });
});

describe("closing", () => {
  const OPEN = { status: "open", closed_at: null, close_reason: "", closed_by_session: "" };

  test("beats a later change to another open status", () => {
    const { row, settled } = merge({ ours: CLOSED, theirs: { status: "in_progress", assignee: "bob" } });

    expect(row).toMatchObject({ ...CLOSED, assignee: "bob" });
    expect(settled).toEqual([{ field: "status", winner: "ours", why: "closed" }]);
  });

  test("yields to a later reopening", () => {
    const { row, settled } = merge({
      ours: CLOSED,
      theirs: { status: "in_progress" },
      times: [MIDDLE, EARLY],
      reopened: { theirs: LATE },
    });

    expect(row).toMatchObject({ ...OPEN, status: "in_progress" });
    expect(settled).toEqual([{ field: "status", winner: "theirs", why: "reopened" }]);
  });

  test("beats a reopening before it", () => {
    const { row } = merge({
      ours: CLOSED,
      theirs: { status: "in_progress" },
      times: [MIDDLE, LATE],
      reopened: { theirs: EARLY },
    });

    expect(row).toMatchObject(CLOSED);
  });

  test("beats a reopening at the same time", () => {
    const { row } = merge({
      ours: CLOSED,
      theirs: { status: "in_progress" },
      times: [MIDDLE, LATE],
      reopened: { theirs: MIDDLE },
    });

    expect(row).toMatchObject(CLOSED);
  });

  test("once more yields to a later reopening that no event records", () => {
    const again = { closed_at: "2026-01-07 00:00:00", close_reason: "really" };

    expect(merge({ base: CLOSED, ours: again, theirs: OPEN }).row).toMatchObject(OPEN);
    expect(merge({ base: CLOSED, ours: again, theirs: OPEN, times: [LATE, EARLY] }).row).toMatchObject(again);
  });

  test("on both sides takes time, reason and session from the later", () => {
    const theirs = { ...CLOSED, closed_at: "2026-01-06 00:00:00", close_reason: "won't fix", closed_by_session: "" };
    const { row, settled } = merge({ ours: CLOSED, theirs });

    expect(row).toMatchObject(theirs);
    expect(settled).toEqual([
      { field: "closed_at", winner: "theirs", why: "later" },
      { field: "close_reason", winner: "theirs", why: "follows" },
    ]);
  });

  test("on both sides at the same time takes all from the larger closed_at", () => {
    const theirs = { ...CLOSED, closed_at: "2026-01-06 00:00:00", close_reason: "a", closed_by_session: "a" };

    expect(merge({ ours: CLOSED, theirs, times: [LATE, LATE] }).row).toMatchObject(theirs);
  });

  test("is undone by a reopening when the other side only worded the reason anew", () => {
    const { row } = merge({ base: CLOSED, ours: { close_reason: "done, twice" }, theirs: OPEN, times: [LATE, EARLY] });

    expect(row).toMatchObject(OPEN);
  });

  test("keeps a reason that only the other side changed", () => {
    const { row } = merge({ base: CLOSED, ours: { close_reason: "done, twice" }, theirs: { priority: 0 } });

    expect(row).toMatchObject({ ...CLOSED, close_reason: "done, twice", priority: 0 });
  });

  test("yields to the preferred side", () => {
    const { row } = merge({ ours: CLOSED, theirs: { status: "in_progress" }, prefer: "theirs", times: [LATE, EARLY] });

    expect(row).toMatchObject({ ...OPEN, status: "in_progress" });
  });

  test("is settled once where one side changed only the status and the other only the time", () => {
    const { row, settled } = merge({
      base: { closed_at: "2026-01-02 00:00:00" },
      ours: { status: "closed" },
      theirs: { closed_at: null },
    });

    expect(row).toMatchObject({ status: "closed", closed_at: "2026-01-02 00:00:00" });
    expect(settled).toEqual([{ field: "status", winner: "ours", why: "closed" }]);
  });

  test("does not concern two open statuses: the later stands", () => {
    const { row } = merge({ ours: { status: "in_progress" }, theirs: { status: "blocked" } });

    expect(row["status"]).toBe("blocked");
  });
});

describe("compaction", () => {
  const once = { compaction_level: 1, compacted_at: "2026-01-08", compacted_at_commit: "aaa", original_size: 900 };
  const twice = { compaction_level: 2, compacted_at: "2026-01-07", compacted_at_commit: "bbb", original_size: 500 };

  test("takes the higher level with what belongs to it", () => {
    expect(merge({ ours: twice, theirs: once }).row).toMatchObject(twice);
  });

  test("of the same level takes all of the later", () => {
    const other = { ...once, compacted_at: "2026-01-06", compacted_at_commit: "ccc", original_size: 1 };

    expect(merge({ ours: once, theirs: other }).row).toMatchObject(other);
  });
});

describe("metadata", () => {
  test("unites key by key, and takes the later value of a key that both set", () => {
    const { row, settled } = merge({
      base: { metadata: '{"a": 1, "b": 1, "gone": true}' },
      ours: { metadata: '{"a": 2, "b": 2, "x": 9007199254740993, "gone": true}' },
      theirs: { metadata: '{"a": 1, "b": 3, "y": {"deep": [1, "}"]}}' },
    });

    expect(row["metadata"]).toBe('{"a":2,"b":3,"x":9007199254740993,"y":{"deep": [1, "}"]}}');
    expect(settled).toEqual([
      { field: "metadata", winner: "both", why: "united" },
      { field: "metadata.b", winner: "theirs", why: "later", parts: { ours: "2", theirs: "3" } },
    ]);
  });

  test("loses a key that one side removed, also where the other changed it", () => {
    const { row } = merge({
      base: { metadata: '{"a":1,"b":1}' },
      ours: { metadata: '{"a":2,"b":1}' },
      theirs: { metadata: '{"b":2}' },
    });

    expect(row["metadata"]).toBe('{"b":2}');
  });

  test("takes a key from who changed that key later, whoever changed another one after that", () => {
    const base = { ...BASE, metadata: '{"a":1,"b":1}' };
    const { row, settled } = mergeRow("issues", {
      base,
      ours: { ...base, metadata: '{"a":"ours","b":2}' },
      theirs: { ...base, metadata: '{"a":"theirs","b":1}' },
      dates: {
        ours: { metadata: LATE, "metadata.a": EARLY, "metadata.b": LATE },
        theirs: { metadata: MIDDLE, "metadata.a": MIDDLE },
      },
    });

    expect(row["metadata"]).toBe('{"a":"theirs","b":2}');
    expect(settled[1]).toMatchObject({ field: "metadata.a", winner: "theirs", why: "later" });
  });

  test("that is no object is settled as a whole", () => {
    const { row } = merge({ ours: { metadata: '{"a":1}' }, theirs: { metadata: "[1]" } });

    expect(row["metadata"]).toBe("[1]");
  });

  test("keeps the long text of a key that lost", () => {
    const plan = "First this,\nthen that.";
    const { lost } = merge({
      ours: { metadata: JSON.stringify({ plan }) },
      theirs: { metadata: '{"plan":"none"}' },
    });

    expect(lost).toEqual([{ field: "metadata.plan", text: plan, side: "ours", date: EARLY }]);
  });
});

describe("a losing text", () => {
  const LONG = "x".repeat(81);

  test.each(["title", "description", "design", "acceptance_criteria", "notes"])("in %s is kept", (column) => {
    const { row, lost } = merge({ base: { [column]: "" }, ours: { [column]: LONG }, theirs: { [column]: "short" } });

    expect(row[column]).toBe("short");
    expect(lost).toEqual([{ field: column, text: LONG, side: "ours", date: EARLY }]);
  });

  test("in close_reason is kept when the other side's status wins", () => {
    const { lost } = merge({
      ours: { ...CLOSED, close_reason: LONG },
      theirs: { status: "in_progress" },
      reopened: { theirs: LATE },
    });

    expect(lost).toEqual([{ field: "close_reason", text: LONG, side: "ours", date: EARLY }]);
  });

  test("of two lines is kept, and one of a line is not", () => {
    expect(merge({ ours: { description: "a\nb" }, theirs: { description: "c" } }).lost).toHaveLength(1);
    expect(merge({ ours: { description: "x".repeat(80) }, theirs: { description: "c" } }).lost).toEqual([]);
  });

  test("is not kept when the winner says it too, or when it is the base's", () => {
    expect(merge({ ours: { description: "a\nb" }, theirs: { description: "a\nb\nc" } }).lost).toEqual([]);
    expect(merge({ base: { description: "a\nb" }, ours: {}, theirs: { description: "c" } }).lost).toEqual([]);
  });

  test("without a date is dated by the row", () => {
    const { lost } = merge({
      ours: { description: "a\nb", updated_at: "2026-01-04 00:00:00" },
      theirs: { description: "c" },
      times: [undefined, LATE],
    });

    expect(lost).toMatchObject([{ text: "a\nb", date: "2026-01-04 00:00:00" }]);
  });
});

test("an issue that came to both sides without a base was created when the earlier says", () => {
  const merged = mergeRow("issues", {
    ours: { ...BASE, created_at: "2026-01-01 00:00:01", priority: 0 },
    theirs: { ...BASE, priority: 1 },
    dates: { ours: at(LATE), theirs: at(EARLY) },
  });

  expect(merged.row).toEqual({ ...BASE, priority: 0 });
  expect(merged.settled).toContainEqual({ field: "created_at", winner: "theirs", why: "minimum" });
});
