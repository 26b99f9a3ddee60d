import { describe, expect, test } from "vitest";
import { mergeRow } from "../../../src/core/merge/merge-row.ts";

const EARLY = "2026-02-01 10:00:00.000";
const LATE = "2026-02-02 10:00:00.000";
const NO_DATES = { ours: {}, theirs: {} };

function dated(column: string) {
  return { ours: { [column]: EARLY }, theirs: { [column]: LATE } };
}

describe("a dependency", () => {
  const edge = { issue_id: "bd-1", depends_on_id: "bd-2", type: "blocks", metadata: '{"a":1}' };

  test("that both sides added with another type has the later", () => {
    const merged = mergeRow("dependencies", {
      ours: { ...edge, metadata: '{"b":2}' },
      theirs: { ...edge, type: "related" },
      dates: dated("type"),
    });

    expect(merged.row).toEqual({ ...edge, type: "related", metadata: '{"a":1,"b":2}' });
  });
});

test("counters take the larger number", () => {
  const child = (last_child: number) => ({ parent_id: "bd-1", last_child });
  const issue = (last_id: number) => ({ prefix: "bd", last_id });

  expect(
    mergeRow("child_counters", { base: child(1), ours: child(4), theirs: child(3), dates: dated("last_child") }),
  ).toEqual({ row: child(4), settled: [{ field: "last_child", winner: "ours", why: "maximum" }], lost: [] });
  expect(mergeRow("issue_counter", { ours: issue(9), theirs: issue(10), dates: NO_DATES }).row).toEqual(issue(10));
});

test("a comment that both sides wrote anew is the later, and the other text is lost to it", () => {
  const comment = (text: string) => ({ id: "c1", issue_id: "bd-1", text });

  const merged = mergeRow("comments", {
    base: comment("a"),
    ours: comment("first\nversion"),
    theirs: comment("second\nversion"),
    dates: dated("text"),
  });

  expect(merged.row).toEqual(comment("second\nversion"));
  expect(merged.lost).toEqual([{ field: "text", text: "first\nversion", side: "ours", date: EARLY }]);
});

describe("a setting", () => {
  const setting = (key: string, value: string) => ({ key, value });

  test("is the later, or the preferred side's", () => {
    const versions = {
      base: setting("issue_prefix", "bd"),
      ours: setting("issue_prefix", "gold"),
      theirs: setting("issue_prefix", "iron"),
      dates: dated("value"),
    };

    expect(mergeRow("config", versions).row).toEqual(setting("issue_prefix", "iron"));
    expect(mergeRow("config", { ...versions, prefer: "ours" }).row).toEqual(setting("issue_prefix", "gold"));
  });

  test.each([
    ["status.custom", "qa:wip,old", "qa:done,old,b:active", "qa:frozen,a", "qa:frozen,a,b:active"],
    ["status.custom", "qa:wip,b", "qa:done,b", "b", "b"],
    ["types.custom", "spike", "spike,z", "spike,a", "spike,a,z"],
    ["types.infra", "", "one", "two", "one,two"],
    ["allowed_prefixes", "x, y", "y, z", "x", "z"],
  ])("%s unites its entries by name", (key, base, ours, theirs, united) => {
    const merged = mergeRow("config", {
      base: setting(key, base),
      ours: setting(key, ours),
      theirs: setting(key, theirs),
      dates: dated("value"),
    });

    expect(merged.row).toEqual(setting(key, united));
  });

  test("of custom statuses has the entries that their table comes to", () => {
    const status = (name: string, category: string) => ({ name, category });

    const { row } = mergeRow("custom_statuses", {
      base: status("qa", "wip"),
      ours: status("qa", "done"),
      theirs: status("qa", "frozen"),
      dates: dated("category"),
    });

    expect(row).toEqual(status("qa", "frozen"));
  });
});

describe("metadata of the database", () => {
  test("beside the identity is the later", () => {
    const repo = (value: string) => ({ key: "repo_id", value });
    const versions = { ours: repo("b"), theirs: repo("a"), dates: dated("value") };

    expect(mergeRow("metadata", versions).row).toEqual(repo("a"));
  });
});

test("a table that this program does not know follows the later change", () => {
  const merged = mergeRow("sprints", {
    base: { id: 1, goal: "a" },
    ours: { id: 1, goal: "c" },
    theirs: { id: 1, goal: "b" },
    dates: dated("goal"),
  });

  expect(merged.row).toEqual({ id: 1, goal: "b" });
});
