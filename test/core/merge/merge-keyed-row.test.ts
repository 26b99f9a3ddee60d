import { describe, expect, test } from "vitest";
import { mergeKeyedRow } from "../../../src/core/merge/merge-keyed-row.ts";
import { refusal } from "../refusal.ts";

const EARLY = "2026-02-01 10:00:00.000";
const LATE = "2026-02-02 10:00:00.000";
const NO_DATES = { ours: {}, theirs: {} };

function dated(column: string) {
  return { ours: { [column]: EARLY }, theirs: { [column]: LATE } };
}

describe("rows without content", () => {
  const label = { issue_id: "bd-1", label: "urgent" };

  test("unite, and a removal on either side stands", () => {
    expect(mergeKeyedRow("labels", { ours: label, dates: NO_DATES }).row).toEqual(label);
    expect(mergeKeyedRow("labels", { theirs: label, dates: NO_DATES }).row).toEqual(label);
    expect(mergeKeyedRow("labels", { base: label, theirs: label, dates: NO_DATES }).row).toBeUndefined();
    expect(mergeKeyedRow("labels", { base: label, ours: label, dates: NO_DATES }).row).toBeUndefined();
    expect(mergeKeyedRow("labels", { base: label, dates: NO_DATES }).row).toBeUndefined();
    expect(mergeKeyedRow("labels", { ours: label, theirs: label, dates: NO_DATES }).row).toEqual(label);
    expect(mergeKeyedRow("schema_migrations", { ours: { version: 33 }, dates: NO_DATES }).row).toEqual({ version: 33 });
  });
});

describe("a dependency", () => {
  const edge = { issue_id: "bd-1", depends_on_id: "bd-2", type: "blocks", metadata: '{"a":1}' };

  test("that one side removed and the other changed is kept as changed", () => {
    const changed = { ...edge, type: "related" };

    expect(mergeKeyedRow("dependencies", { base: edge, theirs: changed, dates: NO_DATES }).row).toEqual(changed);
  });

  test("that both sides added with another type has the later", () => {
    const merged = mergeKeyedRow("dependencies", {
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
    mergeKeyedRow("child_counters", { base: child(1), ours: child(4), theirs: child(3), dates: dated("last_child") }),
  ).toEqual({ row: child(4), settled: [{ field: "last_child", winner: "ours", why: "maximum" }], lost: [] });
  expect(mergeKeyedRow("issue_counter", { ours: issue(9), theirs: issue(10), dates: NO_DATES }).row).toEqual(issue(10));
});

test("a comment that both sides wrote anew is the later, and the other text is lost to it", () => {
  const comment = (text: string) => ({ id: "c1", issue_id: "bd-1", text });

  const merged = mergeKeyedRow("comments", {
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

    expect(mergeKeyedRow("config", versions).row).toEqual(setting("issue_prefix", "iron"));
    expect(mergeKeyedRow("config", { ...versions, prefer: "ours" }).row).toEqual(setting("issue_prefix", "gold"));
  });

  test.each([
    ["status.custom", "qa:wip,old", "qa:done,old,b:active", "qa:frozen,a", "qa:frozen,a,b:active"],
    ["types.custom", "spike", "spike,z", "spike,a", "spike,a,z"],
    ["types.infra", "", "one", "two", "one,two"],
    ["allowed_prefixes", "x, y", "y, z", "x", "z"],
  ])("%s unites its entries by name", (key, base, ours, theirs, united) => {
    const merged = mergeKeyedRow("config", {
      base: setting(key, base),
      ours: setting(key, ours),
      theirs: setting(key, theirs),
      dates: dated("value"),
    });

    expect(merged.row).toEqual(setting(key, united));
  });

  test("of custom statuses has the entries that their table comes to", () => {
    const status = (name: string, category: string) => ({ name, category });

    const { row } = mergeKeyedRow("custom_statuses", {
      base: status("qa", "wip"),
      ours: status("qa", "done"),
      theirs: status("qa", "frozen"),
      dates: dated("category"),
    });

    expect(row).toEqual(status("qa", "frozen"));
  });
});

describe("metadata of the database", () => {
  const project = (value: string) => ({ key: "_project_id", value });

  test("of two projects refuses to merge", () => {
    const versions = { base: project("p1"), ours: project("p1"), theirs: project("p2"), dates: NO_DATES };

    expect(refusal(() => mergeKeyedRow("metadata", versions))).toEqual({
      kind: "config",
      code: "OTHER_PROJECT",
      message: "the remote belongs to project p2, but this database to p1: nothing was merged",
    });
  });

  test("of one project merges", () => {
    const versions = { ours: project("p1"), theirs: project("p1"), dates: NO_DATES };

    expect(mergeKeyedRow("metadata", versions).row).toEqual(project("p1"));
  });

  test("beside the identity is the later", () => {
    const repo = (value: string) => ({ key: "repo_id", value });
    const versions = { ours: repo("b"), theirs: repo("a"), dates: dated("value") };

    expect(mergeKeyedRow("metadata", versions).row).toEqual(repo("a"));
  });
});

test("a table that this program does not know follows the later change", () => {
  const merged = mergeKeyedRow("sprints", {
    base: { id: 1, goal: "a" },
    ours: { id: 1, goal: "c" },
    theirs: { id: 1, goal: "b" },
    dates: dated("goal"),
  });

  expect(merged.row).toEqual({ id: 1, goal: "b" });
});
